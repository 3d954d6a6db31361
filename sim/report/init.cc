#include "sim/report/init.h"

namespace nsp {
namespace {

constexpr std::string_view kPage = R"(# Our network security perimeter

This page is documentation and test at once: people read it, `nspsim run` checks every row of the case tables.
Change the tables to what you have, or describe your environment by its Azure documents (`nspsim init --from-env`).

```scenario
status: local
```

## What there is

Three services share one perimeter. They are still in Learning: what the perimeter does not admit, the service's own
firewall may.

| resource  | kind    | profile        | mode     | publicNetworkAccess | firewall        |
| --------- | ------- | -------------- | -------- | ------------------- | --------------- |
| foundry-1 | foundry | nsp-ai/default | Learning | Enabled             | closed          |
| search-1  | search  | nsp-ai/default | Learning | Enabled             | open            |
| stdocs    | storage | nsp-ai/default | Learning | Enabled             | 198.51.100.0/24 |

| rule         | profile        | direction | allows                                            |
| ------------ | -------------- | --------- | ------------------------------------------------- |
| office       | nsp-ai/default | inbound   | 203.0.113.0/28                                    |
| build-agents | nsp-ai/default | inbound   | subscription 11111111-1111-1111-1111-111111111111 |
| packages     | nsp-ai/default | outbound  | packages.example.com                              |

The application sits in a virtual network and reaches Foundry through a private endpoint.

| subnet   | service endpoints |
| -------- | ----------------- |
| hub/apps |                   |

| private endpoint | resource  | subnet   | status   | zone   |
| ---------------- | --------- | -------- | -------- | ------ |
| pe-foundry       | foundry-1 | hub/apps | Approved | linked |

## Who calls from outside

| caller      | address       | credential       | subscription                         | subnet   | note                           |
| ----------- | ------------- | ---------------- | ------------------------------------ | -------- | ------------------------------ |
| office      | 203.0.113.7   | user             |                                      |          | people at their desks          |
| build agent | 192.0.2.44    | managed identity | 11111111-1111-1111-1111-111111111111 |          | its address changes every day  |
| partner     | 198.51.100.33 | key              |                                      |          | only the storage firewall knows it |
| application | 192.0.2.80    | managed identity | 22222222-2222-2222-2222-222222222222 | hub/apps | its address is the NAT gateway's |

## Who may reach whom

`expect` is what holds today, `Enforced` what will hold once every association is Enforced.

| case                                | from        | to                   | expect                                | Enforced                         |
| ----------------------------------- | ----------- | -------------------- | ------------------------------------- | -------------------------------- |
| office asks Foundry                 | office      | foundry-1            | allow: inbound rule office            | allow: inbound rule office       |
| office reads documents              | office      | stdocs               | allow: inbound rule office            | allow: inbound rule office       |
| build agent uploads documents       | build agent | stdocs               | allow: inbound rule build-agents      | allow: inbound rule build-agents |
| partner reads documents             | partner     | stdocs               | allow: resource rule ip 198.51.100.0/24 | deny: no inbound rule          |
| partner asks Foundry                | partner     | foundry-1            | deny: resource rules                  | deny: no inbound rule            |
| application asks Foundry            | application | foundry-1            | allow: private endpoint               | allow: private endpoint          |
| Search indexes documents            | search-1    | stdocs               | allow: same perimeter                 | allow: same perimeter            |
| Search asks Foundry for embeddings  | search-1    | foundry-1            | allow: same perimeter                 | allow: same perimeter            |
| Foundry fetches packages            | foundry-1   | packages.example.com | allow: outbound rule packages         | allow: outbound rule packages    |
| Foundry calls an unknown host       | foundry-1   | unknown.example.com  | allow: outbound not restricted        | deny: no outbound rule           |

The row of the partner is the one to act on before the enforcement day: today the storage firewall admits it, the
perimeter will not.
)";

constexpr std::string_view kPipeline =
    R"(# Runs the pages of this folder on every change. GitHub Actions: copy to .github/workflows/nspsim.yml.
name: network security perimeter
on: [push, pull_request]
jobs:
  nspsim:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # Put the nspsim program on the PATH here: from your own package feed, or built from source.
      - name: run the pages
        run: nspsim run . --format github
      - name: keep the report
        if: always()
        run: nspsim run . --format markdown >> "$GITHUB_STEP_SUMMARY"

# Azure Pipelines: copy to azure-pipelines.yml and remove the leading `# `.
#
# trigger: [main]
# pool: {vmImage: ubuntu-latest}
# steps:
#   - script: nspsim run . --format junit --output nspsim.xml
#     displayName: run the pages
#   - task: PublishTestResults@2
#     condition: always()
#     inputs: {testResultsFormat: JUnit, testResultsFiles: nspsim.xml}
)";

}  // namespace

std::string_view starter_page() { return kPage; }
std::string_view starter_pipeline() { return kPipeline; }

}  // namespace nsp
