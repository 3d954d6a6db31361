// `nspsim lab up`: starts a lab and serves until it is stopped.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "sim/lab/azurite.h"
#include "sim/lab/lab.h"
#include "sim/lab/status.h"
#include "tools/nspsim/environment_options.h"
#include "tools/nspsim/lab.h"
#include "tools/nspsim/output.h"

namespace nsp::cli {
namespace {

struct UpOptions {
  EnvironmentOptions environment;
  WhichLab which;
  lab::LabOptions lab;
  double propagation_delay = 0;  // seconds
  double token_lifetime = 3600;
  std::string access_log;
  bool with_azurite = false;
  std::string azurite;  // its command; empty: looked for
  bool quiet = false;
};

// `90`, `90s`, `500ms`, `2min`, `1h` → seconds.
CLI::Validator duration_words() {
  const std::map<std::string, double> units{
      {"ms", 0.001}, {"s", 1.0}, {"min", 60.0}, {"h", 3600.0}};
  return CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME");
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::vector<std::string> texts_of(const Diagnostics& all, Severity severity) {
  std::vector<std::string> texts;
  for (const Diagnostic& one : all) {
    if (one.severity == severity)
      texts.push_back(fmt::format("{}: {}", to_string(one.place), one.message));
  }
  return texts;
}

// What a running lab reads again: the same options, other files where it is given some. Who asked
// is told what is wrong.
lab::Reader reader_of(const UpOptions& options) {
  return
      [options](const std::vector<std::string>& files) -> std::expected<lab::Loaded, lab::Refusal> {
        EnvironmentOptions again = options.environment;
        if (!files.empty()) again.files = files;
        EnvironmentReading reading = read_environment(again);
        if (!reading.environment) {
          return std::unexpected(texts_of(reading.findings, Severity::Error));
        }
        return lab::Loaded{reading.environment->policy.environment(),
                           std::move(reading.environment->callers),
                           texts_of(reading.findings, Severity::Warning)};
      };
}

// Appends as records come, so that others can follow the file.
struct RecordFile {
  std::ofstream out;

  bool open(const std::string& file) {
    out.open(file, std::ios::app);
    if (!out) print_error(fmt::format("cannot write {}", file));
    return static_cast<bool>(out);
  }
  void add(std::string_view record) { out << record << '\n' << std::flush; }
};

int serve(lab::Lab& lab, const UpOptions& options) {
  const std::string line = lab.status();
  const auto text = lab::status_text(line);
  const std::string head =
      fmt::format("{}\nlab `{}` is up; stop it with ctrl-c or `nspsim lab stop --name {}`\n",
                  text ? *text : text.error(), options.which.name, options.which.name);
  if (!options.quiet && write_all(STDOUT_FILENO, head, kStandardOutput) == Written::Failed) {
    return kInvalidInput;
  }
  lab.run();
  return kOk;
}

// A variable of the environment, empty when unset.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// False: said why not.
bool find_emulator(UpOptions& options) {
  if (!options.with_azurite) return true;
  const std::string given = options.azurite.empty() ? variable("NSPSIM_AZURITE") : options.azurite;
  std::error_code ignored;
  auto words = lab::find_azurite(given, variable("PATH"), std::filesystem::current_path(ignored));
  if (!words) {
    print_error(words.error());
    return false;
  }
  options.lab.azurite = *std::move(words);
  return true;
}

int run_up(UpOptions& options) {
  if (!find_emulator(options)) return kInvalidInput;
  auto loaded = load(options.environment, options.quiet);
  if (!loaded) return loaded.error();
  RecordFile records;
  if (!options.access_log.empty()) {
    if (!records.open(options.access_log)) return kInvalidInput;
    options.lab.on_record = [&records](std::string_view record) { records.add(record); };
  }
  lab::LabOptions& given = options.lab;
  given.name = options.which.name;
  given.home = options.which.home;
  given.propagation_delay = milliseconds(options.propagation_delay);
  given.token_lifetime = std::chrono::seconds(static_cast<std::int64_t>(options.token_lifetime));
  given.readings = loaded->readings;
  given.reader = reader_of(options);
  auto lab = lab::Lab::start(loaded->policy.environment(), lab::posts_of(loaded->callers), given);
  if (!lab) {
    print_error(lab.error());
    return kInvalidInput;
  }
  return serve(**lab, options);
}

void add_port(CLI::App& command, const std::string& name, std::uint16_t& port,
              const std::string& what) {
  command.add_option(name, port, what)->capture_default_str()->check(CLI::Range(0, 65535));
}

void add_network_options(CLI::App& command, lab::LabOptions& options) {
  add_port(command, "--port", options.ports.https, "HTTPS port of every node");
  add_port(command, "--http-port", options.ports.http, "plain HTTP port of every node (0: none)");
  add_port(command, "--dns-port", options.ports.dns, "port of the name server");
  add_port(command, "--identity-port", options.ports.identity, "port of the identity endpoints");
  add_port(command, "--proxy-port", options.ports.proxy, "port of the forward proxy");
  command.add_option("--proxy-address", options.proxy_address,
                     "address that the forward proxy listens at, too, as for a container");
  command.add_flag("--i-know", options.beyond_loopback,
                   "allow --proxy-address and --storage-backend beyond loopback");
}

void add_storage_options(CLI::App& command, UpOptions& options) {
  auto* backend =
      command.add_option("--storage-backend", options.lab.storage_backend,
                         "URL of a storage emulator (Azurite) that keeps the blobs and knows the "
                         "keys of `lab keys --format azurite`");
  auto* with = command
                   .add_flag("--with-azurite", options.with_azurite,
                             "start Azurite to keep the blobs; it ends with the lab")
                   ->excludes(backend);
  command
      .add_option("--azurite", options.azurite,
                  "command of its Blob service (default $NSPSIM_AZURITE, else azurite-blob in PATH "
                  "or node_modules)")
      ->type_name("COMMAND")
      ->needs(with);
}

}  // namespace

void setup_lab_up(CLI::App& lab, int& status) {
  auto* command = lab.add_subcommand("up", "start the lab and serve until it is stopped");
  auto options = std::make_shared<UpOptions>();
  add_environment_options(*command, options->environment);
  add_which_lab(*command, options->which);
  add_network_options(*command, options->lab);
  add_storage_options(*command, *options);
  command
      ->add_option("--propagation-delay", options->propagation_delay,
                   "time until a change acts on the data plane, such as 90s")
      ->transform(duration_words());
  command
      ->add_option("--token-lifetime", options->token_lifetime,
                   "of managed identities, such as 10min (default 1h)")
      ->transform(duration_words());
  command->add_option("--key-secret", options->lab.key_secret,
                      "text that keys are made of (default: other keys in each lab)");
  command->add_option("--access-log", options->access_log,
                      "file that access-log records are appended to as they happen");
  command->add_flag("--no-enforcement{false}", options->lab.enforce,
                    "admit everything and judge nothing: is it the perimeter, or the program?");
  command->add_flag("--quiet", options->quiet, "print nothing but errors");
  command->footer("example:\n  nspsim lab up --env site.json --callers callers.json");
  command->callback([options, &status] { status = run_up(*options); });
}

}  // namespace nsp::cli
