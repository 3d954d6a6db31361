"""Packets and capture files from their fields, the same bytes each time.

The layers are functions from fields to bytes, so that a wrong field is as easy to write as a right one. Checksums are
right unless a caller spoils them. Random-looking bytes come from SHA-256 of a label.

Sources: RFC 791, 8200 (IP), 9293 (TCP), 768 (UDP), 1035 (DNS), 8446, 6066 (TLS), tcpdump.org/linktypes.html,
draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng (files).
"""

import hashlib
import ipaddress
import struct

TCP, UDP = 6, 17
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
START = 1780300800 * 10**9  # 2026-06-01T08:00:00Z, in nanoseconds


def noise(label, length):
    """Bytes that look random and are not."""
    out = b""
    while len(out) < length:
        out += hashlib.sha256(f"{label} {len(out)}".encode()).digest()
    return out[:length]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


# Transport.


def pseudo_header(source, target, protocol, length):
    if ":" in source:
        return packed(source) + packed(target) + struct.pack(">II", length, protocol)
    return packed(source) + packed(target) + struct.pack(">BBH", 0, protocol, length)


def tcp(source, target, ports, seq, ack, flags, data=b"", options=b"", data_offset=None):
    options += b"\0" * (-len(options) % 4)
    offset = (20 + len(options)) // 4 if data_offset is None else data_offset
    head = struct.pack(">HHIIBBHHH", *ports, seq % 2**32, ack % 2**32, offset << 4, flags, 64240, 0, 0)
    segment = head + options + data
    total = checksum(pseudo_header(source, target, TCP, len(segment)) + segment)
    return segment[:16] + struct.pack(">H", total) + segment[18:]


def udp(source, target, ports, data, length=None):
    length = 8 + len(data) if length is None else length
    datagram = struct.pack(">HHHH", *ports, length, 0) + data
    total = checksum(pseudo_header(source, target, UDP, len(datagram)) + datagram)
    return datagram[:6] + struct.pack(">H", total or 0xFFFF) + datagram[8:]


# Network.


def ipv4(
    source, target, protocol, payload, options=b"", ident=0, offset=0, more=False, version=4, length=None, ihl=None
):
    """One IPv4 packet; `offset` in bytes, a multiple of 8."""
    options += b"\0" * (-len(options) % 4)
    words = (20 + len(options)) // 4
    length = words * 4 + len(payload) if length is None else length
    flags = (0x2000 if more else 0) | offset // 8
    head = struct.pack(
        ">BBHHHBBH", version << 4 | (words if ihl is None else ihl), 0, length, ident, flags, 64, protocol, 0
    )
    head += packed(source) + packed(target) + options
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv6(source, target, protocol, payload, extensions=(), length=None):
    """One IPv6 packet. `extensions`: (its number, its bytes after the next-header byte), from the outside in."""
    numbers = [number for number, _ in extensions] + [protocol]
    chain = b"".join(bytes([following]) + rest for (_, rest), following in zip(extensions, numbers[1:]))
    length = len(chain) + len(payload) if length is None else length
    return struct.pack(">IHBB", 6 << 28, length, numbers[0], 64) + packed(source) + packed(target) + chain + payload


def ip(source, target, protocol, payload, **more):
    return (ipv6 if ":" in source else ipv4)(source, target, protocol, payload, **more)


HOP_BY_HOP = (0, b"\0" + b"\x05\x02\0\0" + b"\x01\0")  # router alert, padding
DESTINATION = (60, b"\0" + b"\x01\x04\0\0\0\0")  # padding
ROUTING = (43, b"\0\xfd\0" + b"\0" * 4)  # of an experimental type, no segments left


def fragment_header(offset, more, ident):
    return (44, b"\0" + struct.pack(">HI", offset | more, ident))


# Link. Each takes an IP packet and which way it goes (True: from the client), and gives a frame.

CLIENT_MAC, SERVER_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")


def ether_type(packet):
    return 0x86DD if packet and packet[0] >> 4 == 6 else 0x0800


def ethernet(packet, outgoing=True, tags=(), kind=None):
    """`tags`: (tag protocol, VLAN id), from the outside in."""
    source, target = (CLIENT_MAC, SERVER_MAC) if outgoing else (SERVER_MAC, CLIENT_MAC)
    stack = b"".join(struct.pack(">HH", protocol, vlan) for protocol, vlan in tags)
    return target + source + stack + struct.pack(">H", ether_type(packet) if kind is None else kind) + packet


def cooked_v1(packet, outgoing=True):
    mac = CLIENT_MAC if outgoing else SERVER_MAC
    return struct.pack(">HHH8sH", 4 if outgoing else 0, 1, 6, mac + b"\0\0", ether_type(packet)) + packet


def cooked_v2(packet, outgoing=True):
    mac = CLIENT_MAC if outgoing else SERVER_MAC
    return struct.pack(">HHIHBB8s", ether_type(packet), 0, 2, 1, 4 if outgoing else 0, 6, mac + b"\0\0") + packet


def raw(packet, outgoing=True):
    return packet


def bsd_loopback(order, inet6=30):
    """`order`: of the address family, "<" or ">"; `inet6`: 24 (NetBSD), 28 (FreeBSD) or 30 (macOS)."""
    return lambda packet, outgoing=True: struct.pack(order + "I", inet6 if packet[0] >> 4 == 6 else 2) + packet


NULL, ETHERNET, RAW, LOOP, SLL, SLL2 = 0, 1, 101, 108, 113, 276


# What is inside.


def with_length(size, data):
    return len(data).to_bytes(size, "big") + data


def extension(kind, data):
    return struct.pack(">H", kind) + with_length(2, data)


def server_name(name):
    return extension(0, with_length(2, b"\0" + with_length(2, name.encode())))


def encrypted_hello(label):
    """RFC 9849: outer, HKDF-SHA256 with AES-128-GCM, a config id, an encapsulated key, a payload."""
    return extension(
        0xFE0D,
        b"\0"
        + struct.pack(">HHB", 1, 1, 42)
        + with_length(2, noise(label + "enc", 32))
        + with_length(2, noise(label + "ech", 208)),
    )


def client_hello(name=None, post_quantum=False, encrypted=False, label="hello"):
    """The handshake message, without records. With `post_quantum` as long as a browser's that resumes: 1.8 KB."""
    shares = struct.pack(">H", 0x001D) + with_length(2, noise(label + "x25519", 32))
    groups = struct.pack(">HH", 0x001D, 0x0017)
    if post_quantum:  # X25519MLKEM768: 1184 + 32 bytes
        shares = struct.pack(">H", 0x11EC) + with_length(2, noise(label + "mlkem", 1216)) + shares
        groups = struct.pack(">H", 0x11EC) + groups
    extensions = [
        extension(23, b""),
        extension(0xFF01, b"\0"),
        extension(10, with_length(2, groups)),
        extension(16, with_length(2, with_length(1, b"h2") + with_length(1, b"http/1.1"))),
        extension(13, with_length(2, struct.pack(">4H", 0x0403, 0x0804, 0x0401, 0x0503))),
        extension(51, with_length(2, shares)),
        extension(45, with_length(1, b"\x01")),
        extension(43, with_length(1, struct.pack(">HH", 0x0304, 0x0303))),
    ]
    if encrypted:
        extensions.append(encrypted_hello(label))
    if name is not None:  # not the first extension, as browsers shuffle them
        extensions.insert(5, server_name(name))
    if post_quantum:
        identity = with_length(2, noise(label + "ticket", 224)) + noise(label + "age", 4)
        extensions.append(
            extension(41, with_length(2, identity) + with_length(2, with_length(1, noise(label + "binder", 32))))
        )
    body = b"\x03\x03" + noise(label + "random", 32) + with_length(1, noise(label + "session", 32))
    body += with_length(2, struct.pack(">3H", 0x1301, 0x1302, 0xC02B)) + with_length(1, b"\0")
    body += with_length(2, b"".join(extensions))
    return b"\x01" + with_length(3, body)


def records(message, sizes=(), kind=22):
    """A message as TLS records: of these sizes, the rest in a last one."""
    out = b""
    for size in [*sizes, len(message)]:
        out += struct.pack(">BH", kind, 0x0301) + with_length(2, message[:size])
        message = message[size:]
    return out


def server_hello(label):
    body = (
        b"\x03\x03"
        + noise(label + "server random", 32)
        + with_length(1, noise(label + "session", 32))
        + b"\x13\x01\0"
    )
    share = struct.pack(">H", 0x001D) + with_length(2, noise(label + "server share", 32))
    body += with_length(2, extension(43, b"\x03\x04") + extension(51, share))
    return records(b"\x02" + with_length(3, body)) + records(noise(label + "sealed", 64), kind=23)


A, CNAME, AAAA = 1, 5, 28


def dns_name(name):
    return b"".join(with_length(1, label.encode()) for label in name.split(".")) + b"\0"


def dns_query(ident, name, kind=A):
    return struct.pack(">6H", ident, 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack(">HH", kind, 1)


def dns_answer(ident, name, answers, kind=A):
    """`answers`: (owner, type, value). Owners that stood before are pointers, as servers write them."""
    out = struct.pack(">6H", ident, 0x8180, 1, len(answers), 0, 0)
    known = {name: len(out)}
    out += dns_name(name) + struct.pack(">HH", kind, 1)
    for owner, record, value in answers:
        out += struct.pack(">H", 0xC000 | known[owner]) if owner in known else dns_name(owner)
        out += struct.pack(">HHI", record, 1, 60)
        if record == CNAME:
            known.setdefault(value, len(out) + 2)
        out += with_length(2, dns_name(value) if record == CNAME else packed(value))
    return out


# Time, and who talks.


class Trace:
    """Packets in time, one a millisecond, each with which way it goes."""

    def __init__(self, start=START):
        self.time = start
        self.packets = []  # (time, packet, outgoing)

    def add(self, packet, outgoing=True):
        self.packets.append((self.time, packet, outgoing))
        self.time += 1_000_123

    def pause(self, seconds):
        self.time += seconds * 10**9

    def frames(self, link=ethernet):
        return [(time, link(packet, outgoing)) for time, packet, outgoing in self.packets]


class Tcp:
    """One TCP connection that writes its packets into a trace."""

    def __init__(self, trace, client, server, first_seq=1000, first_ack=9000, options=b"", **ip_fields):
        self.trace = trace
        self.client, self.server = client, server  # (address, port)
        self.seq, self.ack = first_seq, first_ack
        self.options, self.ip_fields = options, ip_fields

    def packet(self, flags, data=b"", seq=None, options=b"", outgoing=True):
        """The IP packet, not added to the trace."""
        (source, source_port), (target, target_port) = (
            (self.client, self.server) if outgoing else (self.server, self.client)
        )
        mine, theirs = (self.seq, self.ack) if outgoing else (self.ack, self.seq)
        segment = tcp(
            source,
            target,
            (source_port, target_port),
            mine if seq is None else seq,
            theirs if flags & ACK else 0,
            flags,
            data,
            options or self.options,
        )
        return ip(source, target, TCP, segment, **self.ip_fields)

    def put(self, flags, data=b"", outgoing=True, **more):
        self.trace.add(self.packet(flags, data, outgoing=outgoing, **more), outgoing)

    def open(self):
        size = b"\x02\x04\x05\xb4\x01\x01\x04\x02"
        self.put(SYN, options=size)
        self.seq += 1
        self.put(SYN | ACK, outgoing=False, options=size)
        self.ack += 1
        self.put(ACK)
        return self

    def send(self, data):
        self.put(PSH | ACK, data)
        self.seq += len(data)
        return self

    def answer(self, data):
        self.put(PSH | ACK, data, outgoing=False)
        self.ack += len(data)
        return self

    def close(self):
        self.put(FIN | ACK)
        self.seq += 1
        self.put(FIN | ACK, outgoing=False)
        self.ack += 1
        self.put(ACK)
        return self

    def tls(self, name, **more):
        """From SYN to FIN, with a ClientHello in one segment."""
        self.open().send(records(client_hello(name, label=str(name), **more)))
        return self.answer(server_hello(str(name))).close()


def ask(trace, client, server, ident, name, answers, kind=A):
    """A DNS question over UDP with its answer."""
    trace.add(
        ip(client[0], server[0], UDP, udp(client[0], server[0], (client[1], server[1]), dns_query(ident, name, kind)))
    )
    answer = dns_answer(ident, name, answers, kind)
    trace.add(ip(server[0], client[0], UDP, udp(server[0], client[0], (server[1], client[1]), answer)), False)


# Files.


def pcap(frames, link=ETHERNET, order="<", nanoseconds=False, snaplen=262144):
    """A pcap file. Frames longer than `snaplen` are cut, as a capture would."""
    unit = 1 if nanoseconds else 1000
    out = struct.pack(order + "IHHiIII", 0xA1B23C4D if nanoseconds else 0xA1B2C3D4, 2, 4, 0, 0, snaplen, link)
    for time, frame in frames:
        kept = frame[:snaplen]
        out += struct.pack(order + "IIII", time // 10**9, time % 10**9 // unit, len(kept), len(frame)) + kept
    return out


class Pcapng:
    """A pcapng file, block by block."""

    def __init__(self, order="<"):
        self.order = order
        self.bytes = b""

    def block(self, kind, body):
        body += b"\0" * (-len(body) % 4)
        size = struct.pack(self.order + "I", 12 + len(body))
        self.bytes += struct.pack(self.order + "I", kind) + size + body + size
        return self

    def option(self, code, value):
        return struct.pack(self.order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)

    def section(self):
        return self.block(0x0A0D0D0A, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1))

    def interface(self, link=ETHERNET, resolution=None, offset=None):
        """`resolution`: 10 to the minus that; None: microseconds. `offset`: seconds to add to each time."""
        body = struct.pack(self.order + "HHI", link, 0, 262144) + self.option(2, b"fixture0")
        body += self.option(9, bytes([resolution])) if resolution is not None else b""
        body += self.option(14, struct.pack(self.order + "q", offset)) if offset is not None else b""
        return self.block(1, body + self.option(0, b""))

    def frame(self, time, frame, unit=1000):
        high, low = divmod(time // unit, 2**32)
        return self.block(6, struct.pack(self.order + "IIIII", 0, high, low, len(frame), len(frame)) + frame)

    def frames(self, frames, unit=1000):
        for time, frame in frames:
            self.frame(time, frame, unit)
        return self
