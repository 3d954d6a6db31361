"""What people do at a lab in a soak, and what they must see."""
import http.client
import json
import socket
import ssl
import struct
import threading
import time

from dns_client import ask_tcp, ask_udp, send_garbage
from running_lab import AUDIENCES, HOSTS, IDENTITY_ENDPOINT, resource_id

API = "?api-version=2024-07-01"
JSON = {"Content-Type": "application/json"}
TOKEN_AGE = 4  # seconds; tokens live for twelve
USES = 40  # of a connection


def check(what, got, expected):
    if got != expected:
        raise AssertionError(f"{what}: got {got!r}, expected {expected!r}")


class Answer:
    def __init__(self, response, body):
        self.status, self.body, self.header = response.status, body, response.getheader
        self.verdict = f"{response.getheader('x-nspsim-verdict')}: {response.getheader('x-nspsim-reason')}"

    def json(self):
        return json.loads(self.body)


class Tokens:
    """Managed identities' tokens, asked for again before they expire."""

    def __init__(self, lab):
        self.lab, self.lock, self.held = lab, threading.Lock(), {}

    def of(self, resource, destination):
        with self.lock:
            token, when = self.held.get((resource, destination), (None, 0))
            if time.monotonic() - when > TOKEN_AGE:
                token, when = self.lab.token(resource, destination), time.monotonic()
                self.held[(resource, destination)] = (token, when)
            return token


class Person:
    """Somebody with connections of their own, who closes them when they leave."""

    def __init__(self, lab, number):
        self.lab, self.number, self.kept, self.dangling, self.old = lab, number, {}, [], []
        self.docs = set()
        if not hasattr(lab, "tokens"):
            lab.tokens = Tokens(lab)
            lab.trust = ssl.create_default_context(cafile=lab.authority())

    def socket_to(self, address, port, caller=None):
        source = (self.lab.seats[caller], 0) if caller else None
        return socket.create_connection((address, port), timeout=60, source_address=source)

    def open(self, caller, resource, private=False, tls=True):
        where = (self.lab.private if private else self.lab.seats)[resource]
        plain = self.socket_to(where, self.lab.https if tls else self.lab.http, caller)
        connection = http.client.HTTPConnection(HOSTS[resource])
        connection.sock = self.lab.trust.wrap_socket(plain, server_hostname=HOSTS[resource]) if tls else plain
        return connection

    def ask(self, caller, resource, method, target, headers=None, body=None, private=False, tls=True, fresh=False):
        place = (caller, resource, private, tls)
        connection, uses = self.kept.pop(place, (None, 0))
        if connection and (fresh or uses >= USES):
            connection.close()
            connection = None
        if not connection:
            connection, uses = self.open(caller, resource, private, tls), 0
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        answer = Answer(response, response.read())
        if connection.sock and not response.will_close:
            self.kept[place] = (connection, uses + 1)
        else:
            connection.close()
        return answer

    def bearer(self, resource, destination):
        return {"Authorization": "Bearer " + self.lab.tokens.of(resource, destination), "x-ms-version": "2023-11-03"}

    def leave(self):
        for connection, _ in self.kept.values():
            connection.close()
        for held, _ in self.dangling:
            held.close()


def furnish(lab):
    """What the acts need: a container with blobs, an index, an indexer over it."""
    person = Person(lab, 99)
    member = person.bearer("search-1", "stdocs")

    def made(*words, **others):
        answer = person.ask(*words, **others)
        if answer.status not in (200, 201, 204):
            raise RuntimeError(f"{words[:4]}: {answer.status} {answer.body[:300]}")

    made("search-1", "stdocs", "PUT", "/docs?restype=container", member)
    for name in ("papers/a.txt", "papers/b.txt"):
        made("search-1", "stdocs", "PUT", "/docs/" + name, {**member, "x-ms-blob-type": "BlockBlob"}, b"the red fox of " + name.encode())
    line = {"custom_id": "1", "method": "POST", "url": "/chat/completions", "body": {"model": "m", "messages": [{"role": "user", "content": "hi"}]}}
    made("search-1", "stdocs", "PUT", "/docs/in.jsonl", {**member, "x-ms-blob-type": "BlockBlob"}, json.dumps(line).encode())
    key = {"api-key": lab.key("search-1"), **JSON}
    fields = [{"name": "id", "type": "Edm.String", "key": True}, {"name": "content", "type": "Edm.String"},
              {"name": "vec", "type": "Collection(Edm.Single)", "dimensions": 8}]
    skill = {"@odata.type": "#Microsoft.Skills.Text.AzureOpenAIEmbeddingSkill", "resourceUri": "https://" + HOSTS["ai-1"], "deploymentId": "e",
             "dimensions": 8, "inputs": [{"name": "text", "source": "/document/content"}], "outputs": [{"name": "embedding", "targetName": "v"}]}
    definitions = {
        "indexes": {"name": "papers", "fields": fields}, "datasources": {"name": "blobs", "type": "azureblob",
            "container": {"name": "docs", "query": "papers/"}, "credentials": {"connectionString": f"ResourceId={resource_id('stdocs')};"}},
        "skillsets": {"name": "skills", "skills": [skill]},
        "indexers": {"name": "reader", "dataSourceName": "blobs", "targetIndexName": "papers", "skillsetName": "skills",
                     "fieldMappings": [{"sourceFieldName": "metadata_storage_path", "targetFieldName": "id", "mappingFunction": {"name": "base64Encode"}}],
                     "outputFieldMappings": [{"sourceFieldName": "/document/v", "targetFieldName": "vec"}]}}
    made("office", "search-1", "POST", "/indexes" + API, key, json.dumps({"name": "notes", "fields": fields[:2]}))
    for kind, definition in definitions.items():
        made("office", "search-1", "POST", f"/{kind}{API}", key, json.dumps(definition))
    person.leave()


# ---- Admitted

def blobs_of_a_member(person, dice):
    name = f"/docs/p{person.number}/{dice.randrange(20)}"
    member = person.bearer("search-1", "stdocs")
    content = dice.randbytes(dice.choice((0, 1, 1024, 70_000)))
    tls = dice.random() < 0.7
    answer = person.ask("search-1", "stdocs", "PUT", name, {**member, "x-ms-blob-type": "BlockBlob"}, content, tls=tls)
    check("blob put", (answer.status, answer.verdict), (201, "allow: same perimeter"))
    answer = person.ask("home", "stdocs", "GET", name, member, tls=tls)
    check("blob got", (answer.status, answer.body == content, answer.verdict), (200, True, "allow: same perimeter"))
    if dice.random() < 0.3:
        check("blob deleted", person.ask("search-1", "stdocs", "DELETE", name, member).status, 202)
        check("blob gone", person.ask("search-1", "stdocs", "GET", name, member).status, 404)


def key_from_an_office(person, dice):
    answer = person.ask("office", "search-1", "GET", "/indexes" + API, {"api-key": person.lab.key("search-1")}, fresh=dice.random() < 0.2)
    check("indexes", (answer.status, answer.verdict), (200, "allow: inbound rule office"))


def private_endpoint(person, dice):
    answer = person.ask("home", "search-1", "GET", "/indexes" + API, {"api-key": person.lab.key("search-1")}, private=True, tls=dice.random() < 0.5)
    check("indexes", (answer.status, answer.verdict), (200, "allow: private endpoint"))


def chat(person, dice):
    streams = dice.random() < 0.3
    body = {"model": "m", "messages": [{"role": "user", "content": f"question {dice.randrange(10)}"}], "stream": streams}
    answers = [person.ask("office", "ai-1", "POST", "/openai/deployments/d/chat/completions?api-version=2024-10-21",
                          {"api-key": person.lab.key("ai-1"), **JSON}, json.dumps(body)) for _ in range(2)]
    check("chat", [(one.status, one.verdict) for one in answers], [(200, "allow: inbound rule office")] * 2)
    if streams:
        check("end of the stream", answers[0].body.rstrip().endswith(b"data: [DONE]"), True)
    else:
        check("the same answer", answers[0].json()["choices"], answers[1].json()["choices"])


def embeddings(person, dice):
    body = {"model": "m", "input": [f"text {dice.randrange(100)}", "x"], "dimensions": 64}
    answer = person.ask("search-1", "ai-1", "POST", "/openai/deployments/e/embeddings?api-version=2024-10-21",
                        {**person.bearer("search-1", "ai-1"), **JSON}, json.dumps(body))
    check("embeddings", (answer.status, answer.verdict), (200, "allow: same perimeter"))
    check("dimensions", [len(one["embedding"]) for one in answer.json()["data"]], [64, 64])


def documents(person, dice):
    key = f"p{person.number}-{dice.randrange(50)}"
    member = {**person.bearer("ai-1", "search-1"), **JSON}
    word = f"word{dice.randrange(1000)}x{person.number}"
    batch = {"value": [{"@search.action": "mergeOrUpload", "id": key, "content": f"some {word}"}]}
    answer = person.ask("ai-1", "search-1", "POST", f"/indexes/notes/docs/index{API}", member, json.dumps(batch))
    check("upload", (answer.status, answer.verdict), (200, "allow: same perimeter"))
    answer = person.ask("ai-1", "search-1", "POST", f"/indexes/notes/docs/search{API}", member, json.dumps({"search": word, "select": "id"}))
    check("found", key in [one["id"] for one in answer.json()["value"]], True)


# ---- Refused

def denied(person, dice):
    resource, status, code = dice.choice((("stdocs", 403, "AuthorizationFailure"), ("search-1", 403, None), ("ai-1", 401, None)))
    headers = {} if resource == "stdocs" else {"api-key": person.lab.key(resource)}
    answer = person.ask("home", resource, dice.choice(("GET", "POST")), "/docs?restype=container", headers, fresh=dice.random() < 0.3)
    check("denial", (answer.status, answer.verdict, answer.header("x-ms-error-code")), (status, "deny: no inbound rule", code))


def credential_that_is_none(person, dice):
    headers, status = dice.choice((({}, 401), ({"Authorization": "Bearer a.b.c"}, 401), ({"Authorization": "Bearer " + "x" * 9000}, 401),
                                   ({"Authorization": "SharedKey stdocs:" + "A" * 43 + "="}, 403), ({"Authorization": "Nonsense"}, 401)))
    answer = person.ask("office", "stdocs", "GET", "/?comp=list", headers)
    check(f"credential {str(headers)[:60]}", (answer.status, answer.verdict), (status, "allow: inbound rule office"))


def expired_token(person, dice):
    now = time.monotonic()
    person.old = [(token, when) for token, when in person.old if now - when < 60]
    if len(person.old) < 10 or dice.random() < 0.2:
        person.old.append((person.lab.token("search-1", "stdocs"), now))
    token, when = person.old[0]
    if now - when < 14:
        return
    answer = person.ask("office", "stdocs", "GET", "/?comp=list", {"Authorization": "Bearer " + token})
    check("expired", (answer.status, b"expired" in answer.body), (401, True))


def wrong_audience(person, _):
    answer = person.ask("office", "stdocs", "GET", "/?comp=list", person.bearer("search-1", "ai-1"))
    check("audience", (answer.status, b"wrong audience" in answer.body), (401, True))


# ---- Services among themselves

def wait_for(what, question):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = question()
        if answer is not None:
            return answer
        time.sleep(0.05)
    raise AssertionError(what + " does not end")


def indexer(person, _):
    if person.number != 0:
        return
    key = {"api-key": person.lab.key("search-1"), **JSON}
    answer = person.ask("office", "search-1", "POST", "/indexers/reader/run" + API, key)
    check("run", answer.status, 202)

    def result():
        last = person.ask("office", "search-1", "GET", "/indexers/reader/status" + API, key).json()["lastResult"]
        return last if last["status"] != "inProgress" else None
    last = wait_for("the indexer", result)
    check("indexer", (last["status"], last["itemsProcessed"], last["itemsFailed"]), ("success", 2, 0))
    count = person.ask("office", "search-1", "GET", "/indexes/papers/docs/$count" + API, key)
    check("documents", count.body.decode("utf-8-sig"), "2")


def batch(person, _):
    if person.number != 1:
        return
    key = {"api-key": person.lab.key("ai-1"), **JSON}
    folder = f"https://{HOSTS['stdocs']}/docs/out"
    body = {"endpoint": "/chat/completions", "completion_window": "24h", "input_blob": f"https://{HOSTS['stdocs']}/docs/in.jsonl", "output_folder": {"url": folder}}
    answer = person.ask("office", "ai-1", "POST", "/openai/batches?api-version=2024-10-21", key, json.dumps(body))
    if answer.status == 429:  # an account holds a thousand
        return
    check("batch", answer.status, 200)
    name = answer.json()["id"]

    def ended():
        told = person.ask("office", "ai-1", "GET", f"/openai/batches/{name}?api-version=2024-10-21", key).json()
        return told if told["status"] in ("completed", "failed") else None
    told = wait_for("the batch", ended)
    check("batch", (told["status"], told["request_counts"]["completed"], told["errors"]), ("completed", 1, None))
    check("output", person.ask("search-1", "stdocs", "DELETE", f"/docs/out/{name}/results.jsonl", person.bearer("search-1", "stdocs")).status, 202)


def call_of_a_resource(person, dice):
    url, expected = dice.choice(((f"https://{HOSTS['stdocs']}/?comp=list", (200, None, "same perimeter")), ("https://www.example.org/", (None, True, None)),
                                 ("https://partner.example.org/", (200, None, None))))
    answer = person.ask("office", "search-1", "POST", "/_lab/call", JSON, json.dumps({"url": url, "audience": AUDIENCES["stdocs"]})).json()
    told = (answer.get("status"), answer["denied"] or None, answer.get("headers", {}).get("x-nspsim-reason"))
    check("call of " + url, told, expected)


# ---- Identities and names

def identities(person, dice):
    kind = dice.randrange(3)
    where = http.client.HTTPConnection(IDENTITY_ENDPOINT, person.lab.identity, timeout=60, source_address=(person.lab.seats["search-1"], 0))
    if kind == 0:
        where.request("GET", "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://storage.azure.com", headers={"Metadata": "true"})
        expected = 200
    elif kind == 1:
        where.request("GET", "/msi/token?api-version=2019-08-01&resource=https://storage.azure.com", headers={"X-IDENTITY-HEADER": "0" * 64})
        expected = 401
    else:
        where.request("GET", "/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common")
        expected = 200
    answer = where.getresponse()
    text = answer.read()
    where.close()
    check(f"identity {kind} {text[:100]}", answer.status, expected)


def names(person, dice):
    caller = dice.choice(("office", "home", "search-1"))
    name, address = dice.choice(((HOSTS["stdocs"], person.lab.seats["stdocs"]), (HOSTS["search-1"], person.lab.seats["search-1"]),
                                 ("www.example.org", "127.77.0.1"), ("login.microsoftonline.com", IDENTITY_ENDPOINT)))
    ask = dice.choice((ask_udp, ask_tcp))
    check(f"name {name}", ask(person.lab.dns, person.lab.seats[caller], name, dice.randrange(65536)), address)


def garbage_for_the_name_server(person, dice):
    send_garbage(person.lab.dns, dice)


def proxy(person, dice):
    secret = person.lab.control({"do": "caller", "caller": "office"})["secret"]
    good = dice.random() < 0.7
    from base64 import b64encode
    user = b64encode(f"office:{secret if good else 'wrong'}".encode()).decode()
    plain = person.socket_to("127.77.0.80", person.lab.proxy)
    plain.sendall(f"CONNECT {HOSTS['search-1']}:443 HTTP/1.1\r\nHost: {HOSTS['search-1']}\r\nProxy-Authorization: Basic {user}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = plain.recv(4096)
        if not piece:
            break
        head += piece
    check("proxy", head.split(b" ")[1], b"200" if good else b"407")
    if not good:
        plain.close()
        return
    connection = http.client.HTTPConnection(HOSTS["search-1"])
    connection.sock = person.lab.trust.wrap_socket(plain, server_hostname=HOSTS["search-1"])
    connection.request("GET", "/indexes" + API, headers={"api-key": person.lab.key("search-1")})
    answer = connection.getresponse()
    check("through the proxy", (answer.status, answer.getheader("x-nspsim-reason")), (200, "inbound rule office"))
    answer.read()
    connection.close()


# ---- Rude

REFUSED = ((b"GET / HTTP/9.9\r\n\r\n", b"400"), (b"\x00\x01\x02\r\n\r\n", b"400"), (b"GET / HTTP/1.1\r\n\r\n", b"400"),
           (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40_000 + b"\r\n\r\n", b"431"),
           (b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999\r\n\r\n", b"413"))


def refused_by_the_server(person, dice):
    bytes_, status = dice.choice(REFUSED)
    with person.socket_to(person.lab.seats[dice.choice(list(HOSTS))], person.lab.http, "office") as rude:
        try:
            rude.sendall(bytes_)
        except OSError:
            pass  # it has had enough
        check(f"answer to {bytes_[:30]}", rude.recv(4096).split(b" ")[1:2], [status])


def no_tls(person, dice):
    with person.socket_to(person.lab.seats["stdocs"], person.lab.https, "office") as rude:
        try:
            rude.sendall(dice.choice((b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", dice.randbytes(300), b"\x16\x03")))
            rude.shutdown(socket.SHUT_WR)
            while rude.recv(4096):
                pass
        except OSError:
            pass  # it has had enough


def reset(person, dice):
    rude = person.socket_to(person.lab.seats["ai-1"], person.lab.http, "office")
    rude.sendall(dice.choice((b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc", b"GET / HT",
                              f"GET /?comp=list HTTP/1.1\r\nHost: {HOSTS['ai-1']}\r\n\r\n".encode() * 5)))
    rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    rude.close()


def half_open(person, dice):
    """Left open until the lab gives them up, or the person does."""
    now = time.monotonic()
    for held, since in [one for one in person.dangling if now - one[1] > 17]:
        person.dangling.remove((held, since))
        held.settimeout(10)
        check("too slow", held.recv(4096).split(b" ")[1:2], [b"408"])
        held.close()
    if len(person.dangling) < 12:
        slow = person.socket_to(person.lab.seats["stdocs"], person.lab.http, "home")
        slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: "[:dice.randrange(1, 20)])
        person.dangling.append((slow, now))


ACTS = [(blobs_of_a_member, 8), (key_from_an_office, 5), (private_endpoint, 5), (chat, 4), (embeddings, 3), (documents, 5), (denied, 6),
        (credential_that_is_none, 4), (expired_token, 3), (wrong_audience, 2), (indexer, 1), (batch, 1), (call_of_a_resource, 4), (identities, 4),
        (names, 6), (garbage_for_the_name_server, 2), (proxy, 3), (refused_by_the_server, 4), (no_tls, 3), (reset, 3), (half_open, 2)]
