"""A lab for tests and measurements: its environment, its process, and what a client needs to be let in.

Everything is on loopback, at ports of the caller's choice, in a folder of its own.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile

SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/"
PERIMETER = SUBSCRIPTION + "Microsoft.Network/networkSecurityPerimeters/nsp"
PROFILE = PERIMETER + "/profiles/default"
TYPES = {"stdocs": "Microsoft.Storage/storageAccounts", "search-1": "Microsoft.Search/searchServices",
         "ai-1": "Microsoft.CognitiveServices/accounts"}
HOSTS = {"stdocs": "stdocs.blob.core.windows.net", "search-1": "search-1.search.windows.net", "ai-1": "ai-1.openai.azure.com"}
AUDIENCES = {"stdocs": "https://storage.azure.com", "search-1": "https://search.azure.com", "ai-1": "https://cognitiveservices.azure.com"}
IDENTITY_ENDPOINT = "127.77.0.169"
NAME_SERVER = "127.77.0.53"


def resource_id(name):
    return SUBSCRIPTION + TYPES[name] + "/" + name


def member(name, mode):
    return {"id": f"{PERIMETER}/resourceAssociations/a-{name}", "type": "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
            "properties": {"accessMode": mode, "privateLinkResource": {"id": resource_id(name)}, "profile": {"id": PROFILE}}}


def rule(name, properties):
    return {"id": f"{PROFILE}/accessRules/{name}", "type": "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules", "properties": properties}


def endpoint(name, target):
    return {"id": SUBSCRIPTION + "Microsoft.Network/privateEndpoints/" + name, "type": "Microsoft.Network/privateEndpoints",
            "properties": {"privateLinkServiceConnections": [{"name": name, "properties": {
                "privateLinkServiceId": resource_id(target), "privateLinkServiceConnectionState": {"status": "Approved"}}}]}}


def site(mode="Enforced"):
    """Storage, AI Search and Foundry in one perimeter; an office whose address a rule admits; private endpoints."""
    resources = [{"id": resource_id(name), "type": kind, "identity": {"type": "SystemAssigned"}, "properties": {"publicNetworkAccess": "Enabled"}}
                 for name, kind in TYPES.items()]
    resources[2]["kind"] = "AIServices"
    return {"resources": [
        {"id": PERIMETER, "type": "Microsoft.Network/networkSecurityPerimeters", "properties": {}},
        {"id": PROFILE, "type": "Microsoft.Network/networkSecurityPerimeters/profiles", "properties": {}},
        rule("office", {"direction": "Inbound", "addressPrefixes": ["203.0.113.0/28"]}),
        rule("partner", {"direction": "Outbound", "fullyQualifiedDomainNames": ["partner.example.org"]}),
        *(member(name, mode) for name in TYPES), *resources, *(endpoint("pe-" + name, name) for name in TYPES)]}


CALLERS = {"callers": [{"caller": "office", "address": "203.0.113.7", "credential": "user"},
                       {"caller": "home", "address": "198.51.100.7", "credential": "user"},
                       {"caller": "robot", "address": "203.0.113.8", "credential": "service principal"}]}


class RunningLab:
    """REQUIRES: five ports from `port` on that nobody uses. Ends with the `with` block."""

    def __init__(self, program, port, *options, environment=None, name="default", secret="lab"):
        self.program, self.name, self.secret = program, name, secret
        self.folder = tempfile.mkdtemp(prefix="nspsim-lab-")
        self.https, self.http, self.dns, self.identity, self.proxy = range(port, port + 5)
        self.write("site.json", environment or site())
        self.write("callers.json", CALLERS)
        self.command = [program, "lab", "up", "--env", self.path("site.json"), "--callers", self.path("callers.json"), "--home", self.path("home"),
                        "--name", name, "--key-secret", secret, "--port", str(self.https), "--http-port", str(self.http),
                        "--dns-port", str(self.dns), "--identity-port", str(self.identity), "--proxy-port", str(self.proxy), *options]
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.end()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, document):
        with open(self.path(name), "w", encoding="utf-8") as out:
            json.dump(document, out)

    def start(self):
        self.output = open(self.path("output"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.output, text=True)
        for line in self.process.stdout:
            if " is up;" in line:
                break
        else:
            raise RuntimeError("the lab does not start: " + self.errors())
        status = self.status()
        self.seats = {one["caller"]: one["address"] for one in status["callers"]}
        self.private = {}
        for one in status["resources"]:
            self.seats[one["resource"]] = one["address"]
            self.private[one["resource"]] = (one["privateAddresses"] or [None])[0]

    def errors(self):
        self.output.flush()
        with open(self.path("output"), encoding="utf-8", errors="replace") as said:
            return said.read()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process:
            self.process.stdout.close()
            self.output.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, *words):
        done = subprocess.run([self.program, "lab", *words, "--home", self.path("home"), "--name", self.name], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"lab {' '.join(words)}: exit status {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def control_path(self):
        return self.path(f"home/{self.name}/control.sock")

    def control(self, request):
        """One request over the control socket, without a program between."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(60)
            link.connect(self.control_path())
            link.sendall(json.dumps(request).encode() + b"\n")
            with link.makefile("rb") as answer:
                return json.loads(answer.readline())

    def status(self):
        return self.control({"do": "status"})

    def authority(self):
        return self.path(f"home/{self.name}/ca.pem")

    def key(self, resource):
        """The first key of a resource, as its owner knows it."""
        text = "resource key\nkey1\n" + resource_id(resource).lower()
        bytes_ = hmac.new(self.secret.encode(), text.encode(), hashlib.sha512).digest()
        if resource == "stdocs":
            return base64.b64encode(bytes_).decode()
        return bytes_.hex()[:52 if resource == "search-1" else 32]

    def token(self, resource, destination):
        """A token of the managed identity of `resource` for `destination`."""
        header = self.control({"do": "caller", "caller": resource})["secret"]
        where = http.client.HTTPConnection(IDENTITY_ENDPOINT, self.identity, timeout=60)
        where.request("GET", "/msi/token?api-version=2019-08-01&resource=" + AUDIENCES[destination], headers={"X-IDENTITY-HEADER": header})
        told = json.loads(where.getresponse().read())
        where.close()
        return told["access_token"]

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        raise RuntimeError("the lab is gone")

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
