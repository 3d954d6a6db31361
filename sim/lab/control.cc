#include "sim/lab/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "sim/base/text.h"
#include "sim/base/vocabulary.h"
#include "sim/lab/service_json.h"

namespace nsp::lab {
namespace {

using Json = nlohmann::ordered_json;

// Reads the members of one request; the first mistake is kept, and members nobody asked for are
// one.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) { seen_.push_back("do"); }

  std::string text(const char* name, bool required = true) {
    const Json* value = find(name, required);
    if (value == nullptr) return {};
    if (!value->is_string()) return mistake<std::string>(name, "a text");
    return value->get<std::string>();
  }

  bool truth(const char* name, bool required = true) {
    const Json* value = find(name, required);
    if (value == nullptr) return false;
    if (!value->is_boolean()) return mistake<bool>(name, "true or false");
    return value->get<bool>();
  }

  std::vector<std::string> texts(const char* name) {
    const Json* value = find(name, false);
    if (value == nullptr) return {};
    const bool fits = value->is_array() &&
                      std::ranges::all_of(*value, [](const Json& one) { return one.is_string(); });
    if (!fits) return mistake<std::vector<std::string>>(name, "a list of texts");
    return value->get<std::vector<std::string>>();
  }

  void refuse(const char* name, const char* expected) { mistake<bool>(name, expected); }

  // What is wrong with the whole; empty: nothing.
  [[nodiscard]] std::string problem() const {
    if (!problem_.empty()) return problem_;
    for (const auto& [name, value] : object_.items()) {
      if (std::ranges::find(seen_, name) == seen_.end()) {
        return fmt::format("unknown member `{}`", name);
      }
    }
    return {};
  }

 private:
  const Json* find(const char* name, bool required) {
    seen_.emplace_back(name);
    auto found = object_.find(name);
    if (found != object_.end()) return &*found;
    if (required && problem_.empty()) problem_ = fmt::format("`{}` is missing", name);
    return nullptr;
  }

  template <class T>
  T mistake(const char* name, const char* expected) {
    if (problem_.empty()) problem_ = fmt::format("`{}` is not {}", name, expected);
    return {};
  }

  const Json& object_;
  std::vector<std::string> seen_;
  std::string problem_;
};

constexpr std::array<std::string_view, 3> kHows{"set", "add", "remove"};

std::optional<Bearer> bearer_of(std::string_view word) {
  for (std::size_t i = 0; i < kBearers; ++i) {
    if (word_of(static_cast<Bearer>(i)) == word) return static_cast<Bearer>(i);
  }
  return std::nullopt;
}

ControlRequest read_set(Members& members) {
  SetProperty edit;
  const auto of = bearer_of(members.text("of"));
  if (!of) members.refuse("of", "the name of something that has properties");
  edit.of = of.value_or(edit.of);
  edit.name = members.text("name");
  edit.what.property = members.text("property");
  edit.what.value = members.text("value");
  const std::string how = members.text("how", false);
  const auto word = find_word(kHows, how.empty() ? "set" : how);
  if (!word) members.refuse("how", "`set`, `add` or `remove`");
  edit.what.how = static_cast<SetHow>(word.value_or(0));
  return edit;
}

ControlRequest read_add_rule(Members& members) {
  AddRule rule;
  rule.profile = members.text("profile");
  rule.name = members.text("name");
  rule.prefixes = members.texts("addressPrefixes");
  rule.subscriptions = members.texts("subscriptions");
  rule.service_tags = members.texts("serviceTags");
  rule.host_names = members.texts("fullyQualifiedDomainNames");
  return rule;
}

ControlRequest read_remove_rule(Members& members) {
  return RemoveRule{members.text("profile"), members.text("name")};
}

ControlRequest read_associate(Members& members) {
  return Associate{members.text("resource"), members.text("profile"),
                   members.text("accessMode", false)};
}

ControlRequest read_dissociate(Members& members) { return Dissociate{members.text("resource")}; }
ControlRequest read_reload(Members& members) { return Reload{members.texts("files")}; }
ControlRequest read_status(Members&) { return AskStatus{}; }
ControlRequest read_logs(Members& members) { return AskLogs{members.truth("follow", false)}; }
ControlRequest read_caller(Members& members) { return AskCaller{members.text("caller")}; }
ControlRequest read_keys(Members& members) { return AskKeys{members.text("resource", false)}; }
ControlRequest read_stop(Members&) { return StopLab{}; }

struct NamedCommand {
  std::string_view word;
  ControlRequest (*read)(Members&);
};

constexpr std::array kCommands{
    NamedCommand{"set", read_set},
    NamedCommand{"add-rule", read_add_rule},
    NamedCommand{"remove-rule", read_remove_rule},
    NamedCommand{"associate", read_associate},
    NamedCommand{"dissociate", read_dissociate},
    NamedCommand{"reload", read_reload},
    NamedCommand{"status", read_status},
    NamedCommand{"logs", read_logs},
    NamedCommand{"caller", read_caller},
    NamedCommand{"keys", read_keys},
    NamedCommand{"stop", read_stop},
};

std::string unknown_command(const std::string& word) {
  std::vector<std::string> words;
  for (const NamedCommand& command : kCommands) words.emplace_back(command.word);
  return fmt::format("`{}` is nothing to do, expected one of {}", word, join(words, ", "));
}

Json parse_line(std::string_view line) {
  if (line.size() > kMostControlBytes) return {};
  Json object = Json::parse(line, nullptr, false);
  return object.is_object() ? object : Json();
}

Json as_json(const SetProperty& edit) {
  Json json{{"do", "set"},
            {"of", word_of(edit.of)},
            {"name", edit.name},
            {"property", edit.what.property},
            {"value", edit.what.value}};
  if (edit.what.how != SetHow::Set) json["how"] = kHows[static_cast<std::size_t>(edit.what.how)];
  return json;
}
Json as_json(const AddRule& edit) {
  return {{"do", "add-rule"},
          {"profile", edit.profile},
          {"name", edit.name},
          {"addressPrefixes", edit.prefixes},
          {"subscriptions", edit.subscriptions},
          {"serviceTags", edit.service_tags},
          {"fullyQualifiedDomainNames", edit.host_names}};
}
Json as_json(const RemoveRule& edit) {
  return {{"do", "remove-rule"}, {"profile", edit.profile}, {"name", edit.name}};
}
Json as_json(const Associate& edit) {
  Json json{{"do", "associate"}, {"resource", edit.resource}, {"profile", edit.profile}};
  if (!edit.mode.empty()) json["accessMode"] = edit.mode;
  return json;
}
Json as_json(const Dissociate& edit) { return {{"do", "dissociate"}, {"resource", edit.resource}}; }
Json as_json(const Edit& edit) {
  return std::visit([](const auto& one) { return as_json(one); }, edit);
}
Json as_json(const Reload& request) { return {{"do", "reload"}, {"files", request.files}}; }
Json as_json(const AskStatus&) { return {{"do", "status"}}; }
Json as_json(const AskLogs& request) { return {{"do", "logs"}, {"follow", request.follow}}; }
Json as_json(const AskCaller& request) { return {{"do", "caller"}, {"caller", request.name}}; }
Json as_json(const AskKeys& request) {
  Json json{{"do", "keys"}};
  if (!request.resource.empty()) json["resource"] = request.resource;
  return json;
}
Json as_json(const StopLab&) { return {{"do", "stop"}}; }

Refusal no_answer() { return {"the lab's answer cannot be read"}; }

}  // namespace

std::expected<ControlRequest, std::string> parse_control(std::string_view line) {
  const Json object = parse_line(line);
  if (object.is_null())
    return std::unexpected("expected a JSON object of at most 1 MiB on one line");
  auto word = object.find("do");
  if (word == object.end() || !word->is_string()) return std::unexpected("`do` is missing");
  const auto* command = std::ranges::find(
      kCommands, std::string_view(word->get_ref<const std::string&>()), &NamedCommand::word);
  if (command == kCommands.end()) return std::unexpected(unknown_command(word->get<std::string>()));
  Members members(object);
  ControlRequest request = command->read(members);
  std::string problem = members.problem();
  if (!problem.empty()) return std::unexpected(std::move(problem));
  return request;
}

std::string control_line(const ControlRequest& request) {
  return json_text(std::visit([](const auto& one) { return as_json(one); }, request));
}

std::string answer_line(const std::expected<ControlDone, Refusal>& answer) {
  Json json;
  json["ok"] = answer.has_value();
  if (answer) {
    json["done"] = answer->done;
    json["warnings"] = answer->warnings;
    json["edition"] = answer->edition;
    json["behindMs"] = answer->behind_ms;
  } else {
    json["errors"] = answer.error();
  }
  return json_text(json);
}

std::expected<ControlDone, Refusal> parse_answer(std::string_view line) {
  const Json object = parse_line(line);
  if (object.is_null()) return std::unexpected(no_answer());
  Members members(object);
  const bool ok = members.truth("ok");
  if (!ok) {
    Refusal errors = members.texts("errors");
    return std::unexpected(errors.empty() ? no_answer() : std::move(errors));
  }
  ControlDone done{members.text("done"), members.texts("warnings"), 0, 0};
  if (object.contains("edition") && object["edition"].is_number_unsigned()) {
    done.edition = object["edition"].get<std::uint64_t>();
  }
  if (object.contains("behindMs") && object["behindMs"].is_number_unsigned()) {
    done.behind_ms = object["behindMs"].get<std::uint64_t>();
  }
  return done;
}

}  // namespace nsp::lab
