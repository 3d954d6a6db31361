"""The scene of the built captures: who there is, and how a capture is registered.

Names and addresses fit fixtures/environments/rag.json and fixtures/bindings/rag.json.
"""

from packets import *  # the vocabulary of these files

OFFICE, APP, OFFICE6 = "203.0.113.7", "10.0.1.4", "2001:db8:203::7"
FOUNDRY = ("198.51.100.10", 443)
SEARCH = ("198.51.100.20", 443)
BLOB = ("198.51.100.30", 443)
PRIVATE_BLOB = ("10.0.2.4", 443)
FOUNDRY6 = ("2001:db8:198::10", 443)
DNS = ("192.0.2.53", 53)

OPENAI = "foundry-rag.openai.azure.com"
OTHER = b"elsewhere-1.openai.azure.com"  # as long as OPENAI
SERVICES_AI = "foundry-rag.services.ai.azure.com"
COGNITIVE = "foundry-rag.cognitiveservices.azure.com"
SEARCH_NAME = "search-rag.search.windows.net"
BLOB_NAME = "strag.blob.core.windows.net"
PRIVATELINK = "strag.privatelink.blob.core.windows.net"

CAPTURES = {}


def capture(suffix):
    def register(make):
        CAPTURES[make.__name__.replace("_", "-") + suffix] = make
        return make

    return register


def tls_trace(*flows):
    """One whole TLS connection for each (client, server, name), one after the other."""
    trace = Trace()
    for index, (client, server, name) in enumerate(flows):
        Tcp(trace, (client, 50000 + index), server).tls(name)
    return trace


def two_families():
    return tls_trace((OFFICE, FOUNDRY, OPENAI), (OFFICE6, FOUNDRY6, SERVICES_AI))


def fragments4(packet, cuts, ident, protocol=TCP):
    """The payload of an IPv4 packet without options as fragments: (offset, end) each."""
    source, target = (str(ipaddress.ip_address(packet[at : at + 4])) for at in (12, 16))
    payload = packet[20:]
    return [
        ipv4(source, target, protocol, payload[start:end], ident=ident, offset=start, more=end < len(payload))
        for start, end in cuts
    ]


def hello_packet(trace, port, server, name, client=OFFICE, **more):
    """Opens a connection and gives the packet that holds its ClientHello, for the caller to spoil."""
    flow = Tcp(trace, (client, port), server).open()
    return flow, flow.packet(PSH | ACK, records(client_hello(name, label=name, **more)))
