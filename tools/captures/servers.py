#!/usr/bin/env python3
"""The servers that tools/make_capture talks to: DNS, HTTP and HTTPS for the names of fixtures/environments/rag.json.

    servers.py CERTIFICATE KEY

They listen in the namespace that make_capture made, write `ready` to stdout, and end with their parent. DNS answers as
Azure's does: a client in the virtual network, whose zone is linked, gets the private address of the Storage account; any
other gets the public one. Both come through the `privatelink` name.
"""

import http.server
import socket
import socketserver
import ssl
import struct
import sys
import threading

from packets import A, AAAA, CNAME, dns_answer

DNS = "192.0.2.53"
HTTPS = ["198.51.100.10", "2001:db8:198::10", "198.51.100.30", "10.0.2.4", "192.0.2.77", "192.0.2.88"]
HTTP = [("198.51.100.30", 80), ("127.0.0.1", 10000)]

BLOB = "strag.blob.core.windows.net"
PRIVATELINK = "strag.privatelink.blob.core.windows.net"
CLUSTER = "blob.fixture01a.store.core.windows.net"
FOUNDRY = [
    f"foundry-rag.{zone}" for zone in ("openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com")
]


def records_for(client, name, kind):
    """What this client is told: (owner, type, value) each."""
    if name == BLOB:
        inside = client.startswith("10.0.")
        chain = [(BLOB, CNAME, PRIVATELINK)] + ([] if inside else [(PRIVATELINK, CNAME, CLUSTER)])
        last = [(PRIVATELINK, A, "10.0.2.4")] if inside else [(CLUSTER, A, "198.51.100.30")]
        return chain + (last if kind == A else [])
    if name in FOUNDRY:
        return {A: [(name, A, "198.51.100.10")], AAAA: [(name, AAAA, "2001:db8:198::10")]}.get(kind, [])
    if name == "search-rag.search.windows.net" and kind == A:
        return [(name, A, "198.51.100.20")]
    return []


def question_of(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels).lower(), struct.unpack(">H", query[at + 1 : at + 3])[0]


def serve_dns(endpoint):
    while True:
        query, client = endpoint.recvfrom(512)
        name, kind = question_of(query)
        ident = struct.unpack(">H", query[:2])[0]
        endpoint.sendto(dns_answer(ident, name, records_for(client[0], name, kind), kind), client)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response_only(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):  # an HTTPServer would ask DNS for its own name
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Answer)

    def handle_error(self, *_):
        pass  # a client that hangs up is no matter


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.num_tickets = 0  # they would only make the captures larger
    return context


def main(certificate, key):
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.bind((DNS, 53))
    servers = [Server(address) for address in HTTP]
    context = tls_context(certificate, key)
    for address in HTTPS:
        server = Server((address, 443))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    serve_dns(endpoint)


if __name__ == "__main__":
    main(*sys.argv[1:])
