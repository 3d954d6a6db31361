"""A small DNS client that asks from an address of one's choice."""
import socket
import struct

from running_lab import NAME_SERVER


def query(name, number):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def address_in(answer, number):
    """The last A record's."""
    got, _, questions, answers, _, _ = struct.unpack(">HHHHHH", answer[:12])
    if got != number or questions != 1 or answers == 0:
        return f"id {got}, {answers} answers"
    return socket.inet_ntoa(answer_end(answer, answers)[-4:])


def answer_end(answer, answers):
    """The bytes up to the end of the last answer record."""
    at = skip_name(answer, 12) + 4
    for _ in range(answers):
        at = skip_name(answer, at)
        at += 10 + struct.unpack(">H", answer[at + 8:at + 10])[0]
    return answer[:at]


def skip_name(answer, at):
    while answer[at] != 0:
        if answer[at] & 0xc0:
            return at + 2
        at += answer[at] + 1
    return at + 1


def ask_udp(port, source, name, number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind((source, 0))
        client.settimeout(20)
        for _ in range(3):  # datagrams may be lost
            client.sendto(query(name, number), (NAME_SERVER, port))
            try:
                return address_in(client.recv(4096), number)
            except socket.timeout:
                continue
    return "no answer"


def ask_tcp(port, source, name, number):
    with socket.create_connection((NAME_SERVER, port), timeout=60, source_address=(source, 0)) as client:
        asked = query(name, number)
        client.sendall(struct.pack(">H", len(asked)) + asked)
        with client.makefile("rb") as stream:
            size = struct.unpack(">H", stream.read(2))[0]
            return address_in(stream.read(size), number)


def send_garbage(port, dice):
    noise = dice.randbytes(dice.choice((0, 1, 11, 12, 40, 600, 5000)))
    if dice.random() < 0.5:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(noise, (NAME_SERVER, port))
        return
    with socket.create_connection((NAME_SERVER, port), timeout=60) as client:
        try:
            client.sendall(noise)
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass
        except OSError:
            pass  # it has had enough
