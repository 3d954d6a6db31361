"""Built captures that show frames: file formats, link and network layers, and what is damaged there."""

import struct

from scene import *  # the vocabulary of these files

# Files and links.


@capture(".pcap")
def big_endian():
    """A pcap file of a big-endian machine, microseconds."""
    return pcap(two_families().frames(), order=">")


@capture(".pcap")
def nanoseconds():
    """A pcap file with nanoseconds."""
    return pcap(two_families().frames(), nanoseconds=True)


@capture(".pcap")
def big_endian_nanoseconds():
    """A pcap file of a big-endian machine, nanoseconds."""
    return pcap(two_families().frames(), order=">", nanoseconds=True)


@capture(".pcapng")
def big_endian_blocks():
    """A big-endian pcapng file, nanoseconds."""
    return Pcapng(">").section().interface(resolution=9).frames(two_families().frames(), unit=1).bytes


@capture(".pcapng")
def other_blocks():
    """A pcapng file of two sections with blocks that hold no packet, and with an interface whose clock has an offset."""
    first, second = tls_trace((OFFICE, FOUNDRY, OPENAI)), tls_trace((OFFICE, SEARCH, SEARCH_NAME))
    file = Pcapng().section().interface()
    file.block(4, struct.pack("<HH", 0, 0))  # name resolution, empty
    file.block(0x0BAD0000, noise("unknown block", 20))
    file.frames(first.frames())
    file.block(5, struct.pack("<III", 0, 0, 0))  # interface statistics
    file.section().interface(offset=START // 10**9)
    return file.frames([(time - START, frame) for time, frame in second.frames()]).bytes


@capture(".pcap")
def vlan():
    """Ethernet with one VLAN tag, two (802.1ad, and the older 0x9100), and three."""
    trace = tls_trace(
        (OFFICE, FOUNDRY, OPENAI),
        (OFFICE, FOUNDRY, SERVICES_AI),
        (OFFICE, SEARCH, SEARCH_NAME),
        (OFFICE, BLOB, BLOB_NAME),
    )
    stacks = [
        [(0x8100, 7)],
        [(0x88A8, 100), (0x8100, 7)],
        [(0x9100, 100), (0x8100, 7)],
        [(0x88A8, 1), (0x8100, 2), (0x8100, 3)],
    ]
    flow = len(trace.packets) // len(stacks)
    return pcap(
        [
            (time, ethernet(packet, outgoing, stacks[index // flow]))
            for index, (time, packet, outgoing) in enumerate(trace.packets)
        ]
    )


@capture(".pcap")
def cooked_one():
    """Linux cooked capture, version 1."""
    return pcap(two_families().frames(cooked_v1), SLL)


@capture(".pcap")
def cooked_two():
    """Linux cooked capture, version 2."""
    return pcap(two_families().frames(cooked_v2), SLL2)


@capture(".pcap")
def raw_ip():
    """IP packets with no link layer."""
    return pcap(two_families().frames(raw), RAW)


@capture(".pcap")
def bsd_loopback_little():
    """BSD loopback of a little-endian machine: the family in its order, IPv6 as macOS numbers it."""
    return pcap(two_families().frames(bsd_loopback("<", 30)), NULL)


@capture(".pcap")
def bsd_loopback_big():
    """BSD loopback of a big-endian machine: the family in its order, IPv6 as FreeBSD numbers it."""
    return pcap(two_families().frames(bsd_loopback(">", 28)), NULL, order=">")


@capture(".pcap")
def openbsd_loopback():
    """OpenBSD loopback: the family in network order whatever the machine, IPv6 numbered 24."""
    return pcap(two_families().frames(bsd_loopback(">", 24)), LOOP)


# Network layer.


@capture(".pcap")
def ipv4_options():
    """IPv4 with options (a record route, padding) and TCP with options (timestamps)."""
    trace = Trace()
    timestamps = b"\x01\x01\x08\x0a" + struct.pack(">II", 77, 42)
    Tcp(trace, (OFFICE, 50000), FOUNDRY, options=timestamps).tls(OPENAI)
    route = b"\x07\x07\x04" + packed("192.0.2.1") + b"\0"
    Tcp(trace, (OFFICE, 50001), SEARCH, options=timestamps).open()
    hello = records(client_hello(SEARCH_NAME))
    segment = tcp(OFFICE, SEARCH[0], (50001, 443), 1001, 9001, PSH | ACK, hello, timestamps)
    trace.add(ipv4(OFFICE, SEARCH[0], TCP, segment, options=route))
    segment = tcp(SEARCH[0], OFFICE, (443, 50001), 9001, 1001 + len(hello), ACK)
    trace.add(ipv4(SEARCH[0], OFFICE, TCP, segment, options=route), False)
    return pcap(trace.frames())


@capture(".pcap")
def ipv4_fragments():
    """A ClientHello in three IPv4 fragments: in order, the last one first; a DNS answer in two."""
    trace = Trace()
    for index, (name, order) in enumerate([(OPENAI, (0, 1, 2)), (SERVICES_AI, (2, 0, 1))]):
        flow, packet = hello_packet(trace, 50000 + index, FOUNDRY, name)
        parts = fragments4(packet, [(0, 96), (96, 200), (200, len(packet) - 20)], 7 + index)
        for part in order:
            trace.add(parts[part])
        flow.seq += len(packet) - 40
        flow.answer(server_hello(name)).close()
    trace.add(ipv4(OFFICE, DNS[0], UDP, udp(OFFICE, DNS[0], (40000, 53), dns_query(1, BLOB_NAME))))
    answer = udp(
        DNS[0],
        OFFICE,
        (53, 40000),
        dns_answer(1, BLOB_NAME, [(BLOB_NAME, CNAME, PRIVATELINK), (PRIVATELINK, A, BLOB[0])]),
    )
    for part in fragments4(ipv4(DNS[0], OFFICE, UDP, answer), [(0, 64), (64, len(answer))], 99, UDP):
        trace.add(part, False)
    Tcp(trace, (OFFICE, 50002), BLOB).tls(None)
    return pcap(trace.frames())


@capture(".pcap")
def ipv4_fragments_overlapping():
    """A ClientHello in IPv4 fragments that overlap with the same bytes, and one of which a fragment never comes."""
    trace = Trace()
    flow, packet = hello_packet(trace, 50000, FOUNDRY, OPENAI)
    for part in fragments4(packet, [(0, 120), (96, 200), (200, len(packet) - 20)], 7):
        trace.add(part)
    flow.seq += len(packet) - 40
    flow.answer(server_hello(OPENAI)).close()
    flow, packet = hello_packet(trace, 50001, SEARCH, SEARCH_NAME)
    for part in fragments4(packet, [(0, 96), (200, len(packet) - 20)], 8):
        trace.add(part)
    flow.seq += len(packet) - 40
    flow.answer(server_hello(SEARCH_NAME)).close()
    return pcap(trace.frames())


@capture(".pcap")
def ipv4_fragments_contradicting():
    """A ClientHello in IPv4 fragments of which the third overlaps the second with other bytes: another name."""
    trace = Trace()
    flow, packet = hello_packet(trace, 50000, FOUNDRY, OPENAI)
    other = packet.replace(OPENAI.encode(), OTHER)
    cuts = [(0, 96), (96, 256), (160, len(packet) - 20)]
    first, second, _ = fragments4(packet, cuts, 7)
    for part in (first, fragments4(other, cuts, 7)[2], second):
        trace.add(part)
    flow.seq += len(packet) - 40
    flow.answer(server_hello(OPENAI)).close()
    return pcap(trace.frames())


@capture(".pcap")
def ipv6_extensions():
    """IPv6 with hop-by-hop, destination and routing headers, and a ClientHello in IPv6 fragments."""
    trace = Trace()
    Tcp(trace, (OFFICE6, 50000), FOUNDRY6, extensions=[HOP_BY_HOP, DESTINATION]).tls(OPENAI)
    Tcp(trace, (OFFICE6, 50001), FOUNDRY6, extensions=[HOP_BY_HOP, ROUTING, DESTINATION]).tls(SERVICES_AI)
    for index, order in enumerate([(0, 1, 2), (1, 2, 0)]):
        flow, packet = hello_packet(trace, 50002 + index, FOUNDRY6, COGNITIVE, client=OFFICE6)
        segment = packet[40:]
        cuts = [(0, 96), (96, 200), (200, len(segment))]
        parts = [
            ipv6(
                OFFICE6,
                FOUNDRY6[0],
                TCP,
                segment[start:end],
                [HOP_BY_HOP, fragment_header(start, end < len(segment), 77 + index)],
            )
            for start, end in cuts
        ]
        for part in order:
            trace.add(parts[part])
        flow.seq += len(segment) - 20
        flow.answer(server_hello(COGNITIVE)).close()
    Tcp(trace, (OFFICE6, 50004), FOUNDRY6, extensions=[fragment_header(0, False, 5)]).tls(
        OPENAI
    )  # an atomic fragment
    return pcap(trace.frames())


@capture(".pcap")
def tunnels():
    """A connection inside VXLAN, one inside IP in IP and one inside GRE, beside one outside."""
    trace = Trace()
    inner = tls_trace(
        (APP, PRIVATE_BLOB, BLOB_NAME), (APP, PRIVATE_BLOB, PRIVATELINK), (APP, PRIVATE_BLOB, BLOB_NAME)
    )
    flow = len(inner.packets) // 3
    for index, (_, packet, outgoing) in enumerate(inner.packets):
        ends = ("192.0.2.1", "192.0.2.2") if outgoing else ("192.0.2.2", "192.0.2.1")
        if index < flow:
            body = struct.pack(">II", 0x08000000, 42 << 8) + ethernet(packet, outgoing)
            trace.add(ipv4(*ends, UDP, udp(*ends, (51000, 4789), body)), outgoing)
        elif index < 2 * flow:
            trace.add(ipv4(*ends, 4, packet), outgoing)
        else:
            trace.add(ipv4(*ends, 47, struct.pack(">HH", 0, 0x0800) + packet), outgoing)
    Tcp(trace, (OFFICE, 50000), FOUNDRY).tls(OPENAI)
    return pcap(trace.frames())


# What is damaged.


@capture(".pcap")
def truncated_frames():
    """A capture of 96 bytes a frame: every flow is there, the ClientHello is not."""
    return pcap(two_families().frames(), snaplen=96)


@capture(".pcap")
def truncated_headers():
    """Frames that end inside a header: of Ethernet, VLAN, IPv4, IPv6, an IPv6 extension, TCP and UDP, beside a whole
    flow.
    """
    trace = tls_trace((OFFICE, FOUNDRY, OPENAI))
    whole = trace.frames()
    syn4 = ethernet(Tcp(trace, (OFFICE, 50010), FOUNDRY).packet(SYN))
    syn6 = ethernet(Tcp(trace, (OFFICE6, 50011), FOUNDRY6, extensions=[HOP_BY_HOP]).packet(SYN))
    datagram = ethernet(ipv4(APP, DNS[0], UDP, udp(APP, DNS[0], (40000, 53), dns_query(1, BLOB_NAME))))
    tagged = ethernet(syn4[14:], tags=[(0x8100, 7)])
    cuts = [
        (syn4, 9),
        (tagged, 16),
        (syn4, 14),
        (syn4, 30),
        (syn4, 40),
        (syn6, 50),
        (syn6, 58),
        (syn6, 68),
        (datagram, 38),
    ]
    out = pcap(whole)
    for index, (frame, kept) in enumerate(cuts):
        out += struct.pack("<IIII", START // 10**9 + 60, index, kept, len(frame)) + frame[:kept]
    return out


@capture(".pcap")
def wrong_lengths():
    """Lengths that do not fit, in whole frames, beside a whole flow: IPv4's header and total, IPv6's payload, TCP's
    offset, UDP's length.
    """
    trace = Trace()
    segment = tcp(OFFICE, FOUNDRY[0], (50010, 443), 1, 0, SYN)
    segment6 = tcp(OFFICE6, FOUNDRY6[0], (50011, 443), 1, 0, SYN)
    trace.add(ipv4(OFFICE, FOUNDRY[0], TCP, segment, ihl=4))
    trace.add(ipv4(OFFICE, FOUNDRY[0], TCP, segment, ihl=15))
    trace.add(ipv4(OFFICE, FOUNDRY[0], TCP, segment, length=12))
    trace.add(ipv4(OFFICE, FOUNDRY[0], TCP, segment, length=400))
    trace.add(ipv6(OFFICE6, FOUNDRY6[0], TCP, segment6, length=400))
    trace.add(ipv4(OFFICE, FOUNDRY[0], TCP, tcp(OFFICE, FOUNDRY[0], (50012, 443), 1, 0, SYN, data_offset=4)))
    trace.add(ipv4(OFFICE, FOUNDRY[0], TCP, tcp(OFFICE, FOUNDRY[0], (50013, 443), 1, 0, SYN, data_offset=15)))
    trace.add(ipv4(APP, DNS[0], UDP, udp(APP, DNS[0], (40000, 53), dns_query(1, BLOB_NAME), length=4)))
    trace.add(ipv4(APP, DNS[0], UDP, udp(APP, DNS[0], (40001, 53), dns_query(1, BLOB_NAME), length=900)))
    Tcp(trace, (OFFICE, 50000), FOUNDRY).tls(OPENAI)
    return pcap(trace.frames())


@capture(".pcap")
def nonsense():
    """Frames of other protocols and of none: ARP, LLDP, an IP version that does not exist, ICMP, noise, beside a whole
    flow; and a frame with padding.
    """
    trace = tls_trace((OFFICE, FOUNDRY, OPENAI))
    time = trace.time
    frames = [
        ethernet(noise("arp", 28), kind=0x0806),
        ethernet(noise("lldp", 40), kind=0x88CC),
        ethernet(noise("length field", 60), kind=60),
        ethernet(ipv4(OFFICE, FOUNDRY[0], TCP, noise("v5", 40), version=5), kind=0x0800),
        ethernet(b"", kind=0x0800),
        ethernet(b"", kind=0x86DD),
        ethernet(ipv4(OFFICE, FOUNDRY[0], 1, b"\x08\0\xf7\xff\0\0\0\0")),
        ethernet(ipv4(OFFICE, FOUNDRY[0], 132, noise("sctp", 40))),
        ethernet(noise("anything", 50), kind=0x0800),
        noise("whole frame", 70),
        ethernet(Tcp(trace, (OFFICE, 50001), SEARCH).packet(SYN)) + b"\0" * 6,  # padded to 60 bytes
    ]
    return pcap(trace.frames() + [(time + index, frame) for index, frame in enumerate(frames)])


@capture(".pcap")
def cut_short():
    """A file that ends in the middle of a packet, as of a capture that was killed."""
    return pcap(two_families().frames())[:-30]


@capture(".pcap")
def empty():
    """A capture in which nothing was seen."""
    return pcap([])
