"""Built captures that show flows and their names: ClientHello, HTTP, DNS, and when a flow begins."""

import struct

from scene import *  # the vocabulary of these files

# TLS.


def post_quantum(spread):
    """A connection whose 1.8 KB ClientHello `spread` puts into the trace, and the rest of it."""
    trace = Trace()
    flow = Tcp(trace, (OFFICE, 50000), FOUNDRY).open()
    hello = client_hello(OPENAI, post_quantum=True)
    spread(flow, hello)
    flow.answer(server_hello(OPENAI)).close()
    return pcap(trace.frames())


def put_at(flow, stream, start, end):
    """The bytes from `start` to `end` of what the client sends, at their place in the sequence."""
    flow.put(PSH | ACK, stream[start:end], seq=flow.seq + start)


def in_pieces(cuts, sizes=()):
    def spread(flow, hello):
        stream = records(hello, sizes)
        for start, end in cuts:
            put_at(flow, stream, start, len(stream) if end is None else end)
        flow.seq += len(stream)

    return spread


@capture(".pcap")
def hello_two_segments():
    """A ClientHello of 1.8 KB with a post-quantum key share (X25519MLKEM768), in two segments."""
    return post_quantum(in_pieces([(0, 1400), (1400, None)]))


@capture(".pcap")
def hello_out_of_order():
    """The same, the second segment first."""
    return post_quantum(in_pieces([(1400, None), (0, 1400)]))


@capture(".pcap")
def hello_retransmitted():
    """The same, the first segment twice."""
    return post_quantum(in_pieces([(0, 1400), (0, 1400), (1400, None)]))


@capture(".pcap")
def hello_overlapping():
    """The same, retransmitted with other borders, so that segments overlap before and behind."""
    return post_quantum(in_pieces([(0, 600), (1200, None), (400, 900), (800, 1400)]))


@capture(".pcap")
def hello_several_records():
    """The same over four TLS records whose borders are not those of the segments."""
    return post_quantum(in_pieces([(0, 700), (700, 1400), (1400, None)], [3, 500, 1000]))


@capture(".pcap")
def hello_small_segments():
    """The same in segments of 64 bytes, backwards."""
    return post_quantum(
        lambda flow, hello: in_pieces([(at, at + 64) for at in range(0, len(records(hello)), 64)][::-1])(flow, hello)
    )


@capture(".pcap")
def hello_sequence_wraps():
    """The same, with the sequence number going past 2^32 inside the ClientHello."""
    trace = Trace()
    flow = Tcp(trace, (OFFICE, 50000), FOUNDRY, first_seq=2**32 - 701).open()
    in_pieces([(0, 600), (1200, None), (600, 1200)])(flow, client_hello(OPENAI, post_quantum=True))
    flow.answer(server_hello(OPENAI)).close()
    return pcap(trace.frames())


@capture(".pcap")
def hello_incomplete():
    """The same, without its second segment: there is no whole ClientHello."""
    return post_quantum(in_pieces([(0, 1400)]))


@capture(".pcap")
def hello_contradicting():
    """A ClientHello sent again, before it was whole, with another name at the same place: what came first stands."""
    trace = Trace()
    flow = Tcp(trace, (OFFICE, 50000), FOUNDRY).open()
    stream = records(client_hello(OPENAI))
    put_at(flow, stream, 100, len(stream))
    put_at(flow, stream.replace(OPENAI.encode(), OTHER), 0, len(stream))
    flow.seq += len(stream)
    flow.answer(server_hello(OPENAI)).close()
    return pcap(trace.frames())


@capture(".pcap")
def fast_open():
    """A ClientHello in the SYN itself (TCP Fast Open), acknowledged."""
    trace = Trace()
    flow = Tcp(trace, (OFFICE, 50000), FOUNDRY)
    hello = records(client_hello(OPENAI))
    flow.put(SYN, hello, options=b"\x02\x04\x05\xb4\x22\x0a" + noise("cookie", 8))
    flow.seq += 1 + len(hello)
    flow.put(SYN | ACK, outgoing=False)
    flow.ack += 1
    flow.put(ACK)
    flow.answer(server_hello(OPENAI)).close()
    return pcap(trace.frames())


@capture(".pcap")
def encrypted_hello_outer_name():
    """An encrypted ClientHello (extension 0xfe0d): what is readable is the outer name."""
    trace = Trace()
    Tcp(trace, (OFFICE, 50000), FOUNDRY).tls("public-name.example", encrypted=True)
    return pcap(trace.frames())


@capture(".pcap")
def server_name_spellings():
    """Server names in capitals, as an address, as nonsense that is no host name, and an empty one."""
    return pcap(
        tls_trace(
            (OFFICE, FOUNDRY, "Foundry-RAG.OpenAI.Azure.COM"),
            (OFFICE, FOUNDRY, "198.51.100.10"),
            (OFFICE, FOUNDRY, "not a name!"),
            (OFFICE, FOUNDRY, ""),
        ).frames()
    )


# Flows.


@capture(".pcap")
def no_syn():
    """Connections that began before the capture: one with its ClientHello in it, one with data only, one where the
    server speaks first.
    """
    trace = Trace()
    Tcp(trace, (OFFICE, 50000), FOUNDRY).send(records(client_hello(OPENAI))).answer(server_hello("a")).close()
    Tcp(trace, (OFFICE, 50001), SEARCH).send(records(noise("data", 80), kind=23)).answer(
        records(noise("more", 120), kind=23)
    )
    Tcp(trace, (OFFICE, 50002), SEARCH).answer(records(noise("late", 90), kind=23)).send(b"").close()
    return pcap(trace.frames())


@capture(".pcap")
def port_reuse():
    """The same ports twice: a new SYN with a new sequence number after the end; a SYN retransmitted, which begins
    nothing new.
    """
    trace = Trace()
    Tcp(trace, (OFFICE, 50000), FOUNDRY).tls(OPENAI)
    trace.pause(30)
    Tcp(trace, (OFFICE, 50000), FOUNDRY, first_seq=700000, first_ack=900000).tls(SERVICES_AI)
    again = Tcp(trace, (OFFICE, 50001), SEARCH)
    again.put(SYN)
    trace.pause(1)
    again.tls(SEARCH_NAME)
    return pcap(trace.frames())


@capture(".pcap")
def refused():
    """Connections that never were: reset at once, and a SYN that nobody answers."""
    trace = Trace()
    flow = Tcp(trace, (OFFICE, 50000), FOUNDRY)
    flow.put(SYN)
    flow.seq += 1
    flow.put(RST | ACK, outgoing=False)
    silent = Tcp(trace, (OFFICE, 50001), SEARCH)
    for _ in range(3):
        silent.put(SYN)
        trace.pause(1)
    return pcap(trace.frames())


@capture(".pcap")
def http_hosts():
    """HTTP/1 without TLS: a Host in two segments and in small letters, with a port, two requests on one connection,
    none at all, an address, a request that is none, a target with a host, a CONNECT.
    """
    trace = Trace()
    requests = [
        [b"GET /docs/a.pdf HTTP/1.1\r\nUser-Agent: x\r\nho", b"st: " + BLOB_NAME.encode() + b"\r\n\r\n"],
        [b"PUT /docs/b HTTP/1.1\r\nHost: " + BLOB_NAME.encode() + b":80\r\nContent-Length: 2\r\n\r\nok"],
        [b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % name.encode() for name in (BLOB_NAME, SEARCH_NAME)],
        [b"GET / HTTP/1.0\r\n\r\n"],
        [b"GET / HTTP/1.1\r\nHost: 198.51.100.30\r\n\r\n"],
        [b"HELO " + noise("no request", 40)],
        [b"GET http://%s/docs HTTP/1.1\r\nHost: %s\r\n\r\n" % (BLOB_NAME.encode(), BLOB_NAME.encode())],
        [b"CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n\r\n" % (SEARCH_NAME.encode(), SEARCH_NAME.encode())],
    ]
    for index, parts in enumerate(requests):
        flow = Tcp(trace, (OFFICE, 50000 + index), (BLOB[0], 80)).open()
        for part in parts:
            flow.send(part)
            if part.endswith(b"\r\n\r\n"):
                flow.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        flow.close()
    return pcap(trace.frames())


@capture(".pcap")
def names_by_dns():
    """Connections without a name, named by DNS answers seen before: through a privatelink chain, by IPv6; not where
    two names have the address, nor by an answer to another client.
    """
    trace = Trace()
    chain = [(BLOB_NAME, CNAME, PRIVATELINK), (PRIVATELINK, A, PRIVATE_BLOB[0])]
    ask(trace, (APP, 40000), DNS, 1, BLOB_NAME, chain)
    Tcp(trace, (APP, 50000), PRIVATE_BLOB).tls(None)
    ask(trace, (APP, 40001), DNS, 2, OPENAI, [(OPENAI, A, FOUNDRY[0])])
    ask(trace, (APP, 40002), DNS, 3, SERVICES_AI, [(SERVICES_AI, A, FOUNDRY[0])])
    Tcp(trace, (APP, 50001), FOUNDRY).tls(None)
    ask(trace, (OFFICE6, 40003), FOUNDRY6[:1] + (53,), 4, COGNITIVE, [(COGNITIVE, AAAA, FOUNDRY6[0])], AAAA)
    Tcp(trace, (OFFICE6, 50002), FOUNDRY6).tls(None)
    Tcp(trace, (OFFICE, 50003), PRIVATE_BLOB).tls(None)  # another client: no name
    return pcap(trace.frames())


@capture(".pcap")
def dns_over_tcp():
    """A DNS answer over TCP in two segments, then a connection without a name to the address in it."""
    trace = Trace()
    flow = Tcp(trace, (APP, 50000), DNS).open()
    flow.send(with_length(2, dns_query(1, BLOB_NAME)))
    answer = with_length(
        2, dns_answer(1, BLOB_NAME, [(BLOB_NAME, CNAME, PRIVATELINK), (PRIVATELINK, A, PRIVATE_BLOB[0])])
    )
    flow.answer(answer[:30]).answer(answer[30:]).close()
    Tcp(trace, (APP, 50001), PRIVATE_BLOB).tls(None)
    return pcap(trace.frames())


@capture(".pcap")
def dns_without_names():
    """DNS answers that name nothing: an address of another name than asked, a pointer to itself, more records than
    bytes, aliases in a circle, a failure.
    """
    trace = Trace()
    asked = "asked.example"
    trace.add(ip(APP, DNS[0], UDP, udp(APP, DNS[0], (40000, 53), dns_query(1, asked))))
    question = dns_name(asked) + struct.pack(">HH", A, 1)
    circle = [(asked, CNAME, "other.example"), ("other.example", CNAME, asked), ("third.example", A, FOUNDRY[0])]
    good = dns_answer(1, asked, [(asked, A, FOUNDRY[0])])
    for payload in [
        dns_answer(1, asked, [("other.example", A, FOUNDRY[0])]),
        struct.pack(">6H", 1, 0x8180, 1, 1, 0, 0) + b"\xc0\x0c" + struct.pack(">HH", A, 1) + b"\xc0\x0c",
        struct.pack(">6H", 1, 0x8180, 1, 60000, 0, 0) + question + b"\xc0\x0c\0",
        dns_answer(1, asked, circle),
        good[:2] + b"\x81\x83" + good[4:],  # NXDOMAIN, and an address all the same
    ]:
        trace.add(ip(DNS[0], APP, UDP, udp(DNS[0], APP, (53, 40000), payload)), False)
    Tcp(trace, (APP, 50000), FOUNDRY).tls(None)
    return pcap(trace.frames())


@capture(".pcap")
def damaged_hellos():
    """Connections to port 443 whose first bytes are nearly a ClientHello: extension lengths that lie, a name longer
    than its list, another message, a record too long, noise.
    """
    trace = Trace()
    good = client_hello(OPENAI)
    at = good.index(OPENAI.encode())
    lies = [
        good[: at - 2] + b"\xff\xff" + good[at:],  # the name's length
        good[: at - 5] + b"\0\x02" + good[at - 3 :],  # the list's length
        good[: at - 7] + b"\x7f\xff" + good[at - 5 :],  # the extension's length
        good[:38] + b"\xff" + good[39:],  # the session id's length
        b"\x02" + good[1:],  # a ServerHello from the client
    ]
    streams = [records(lie) for lie in lies] + [
        b"\x16\x03\x01\xff\xff" + good,
        b"\x16\x09\x09" + with_length(2, good),
        noise("no tls", 300),
        records(good)[:5],
    ]
    for index, stream in enumerate(streams):
        Tcp(trace, (OFFICE, 50000 + index), FOUNDRY).open().send(stream).close()
    return pcap(trace.frames())
