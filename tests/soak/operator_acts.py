"""What the operator of a lab does in a soak. What the others see does not change by it."""
import json
import socket

from acts import check
from running_lab import HOSTS, TYPES, member, resource_id, site

VISITED = "stvisit"
TYPES[VISITED] = "Microsoft.Storage/storageAccounts"
HOSTS[VISITED] = VISITED + ".blob.core.windows.net"


def flipping_site():
    """With an account that the operator alone looks at."""
    document = site()
    document["resources"] += [member(VISITED, "Enforced"), {"id": resource_id(VISITED), "type": TYPES[VISITED], "properties": {"publicNetworkAccess": "Enabled"}}]
    return document


def verdict(person):
    """Of somebody at home on a new connection, without a credential."""
    connection = person.open("home", VISITED)
    connection.request("GET", "/?comp=list")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return f"{answer.getheader('x-nspsim-verdict')}: {answer.getheader('x-nspsim-reason')}"


def done(person, request):
    answer = person.lab.control(request)
    check(request["do"], (answer["ok"], answer.get("errors")), (True, None))
    return answer


def modes(person, _):
    done(person, {"do": "set", "of": "association", "name": VISITED, "property": "accessMode", "value": "Learning"})
    check("learning", verdict(person), "allow: resource rule default action")
    done(person, {"do": "set", "of": "association", "name": VISITED, "property": "accessMode", "value": "Enforced"})
    check("enforced", verdict(person), "deny: no inbound rule")


def established(person, _):
    """Keeps its rules."""
    kept = person.open("home", VISITED)
    for mode in ("Learning", "Enforced"):
        kept.request("GET", "/?comp=list")
        answer = kept.getresponse()
        answer.read()
        check("established", answer.getheader("x-nspsim-verdict"), "deny")
        done(person, {"do": "set", "of": "association", "name": VISITED, "property": "accessMode", "value": mode})
    kept.close()


def rules(person, dice):
    name = f"visitors-{dice.randrange(5)}"
    done(person, {"do": "add-rule", "profile": "nsp/default", "name": name, "addressPrefixes": ["192.0.2.0/24"]})
    done(person, {"do": "remove-rule", "profile": "nsp/default", "name": name})


def membership(person, _):
    done(person, {"do": "dissociate", "resource": VISITED})
    check("alone", verdict(person), "allow: resource rule default action")
    done(person, {"do": "associate", "resource": VISITED, "profile": "nsp/default", "accessMode": "Enforced"})
    check("member again", verdict(person), "deny: no inbound rule")


def reload(person, _):
    done(person, {"do": "reload", "files": [person.lab.path("site.json")]})
    check("as it was", verdict(person), "deny: no inbound rule")


def mistakes(person, _):
    answer = person.lab.control({"do": "set", "of": "association", "name": "nobody", "property": "accessMode", "value": "Enforced"})
    check("nobody", answer["ok"], False)
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(60)
        link.connect(person.lab.control_path())
        link.sendall(b"this is no JSON\n\n{}\n")
        with link.makefile("rb") as answers:
            check("mistakes", [json.loads(answers.readline())["ok"] for _ in range(3)], [False] * 3)


def followers(person, dice):
    """Several come, read some records, and go, in the middle of a line or not."""
    links = []
    for _ in range(dice.randrange(1, 8)):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(60)
        link.connect(person.lab.control_path())
        link.sendall(b'{"do":"logs","follow":true}\n')
        links.append(link)
    verdict(person)
    for link in links:
        with link, link.makefile("rb") as lines:
            if dice.random() < 0.5:
                check("record", "category" in json.loads(lines.readline()), True)


def status(person, _):
    check("status", done(person, {"do": "status"})["ok"], True)
    if _.random() < 0.1:
        check("the program's status", VISITED in person.lab.ask("status"), True)


OPERATOR_ACTS = [(modes, 4), (established, 2), (rules, 3), (membership, 2), (reload, 1), (mistakes, 2), (followers, 3), (status, 3)]
