// One deployment of one template: the top one, or a nested one.
//
// It is the scope of its expressions: parameters, variables and outputs are evaluated when first
// asked for and kept. A nested deployment with inner scope has its own; one with outer scope (the
// default when a template says nothing) takes those of the deployment it stands in, and differs
// only in where its resources go.
//
// A mistake inside a variable or a default is told once, at its own place; what needs it is
// unresolved. What needs itself, directly or through the outputs of nested deployments, is an
// error.
//
// Source: Azure Resource Manager, "Using linked and nested templates", "Copy loops".
#ifndef NSP_SIM_DOCUMENT_TEMPLATE_DEPLOYMENT_H_
#define NSP_SIM_DOCUMENT_TEMPLATE_DEPLOYMENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/document/resource_document.h"
#include "sim/document/template/evaluate.h"
#include "sim/document/template/parameter_type.h"
#include "sim/document/template/position.h"
#include "sim/document/template/scope.h"

namespace nsp {

// What all deployments of one template share.
struct Expansion {
  DocumentSet& set;
  Work work;
  std::set<std::pair<const Node*, std::string>> said;
  bool has_errors = false;  // what is left out because of them needs no word

  // Once for a place and a message: a loop makes the same mistake every turn.
  void say(Severity severity, const Node& at, std::string pointer, std::string message,
           std::string excerpt = {});
  void report(const EvaluationProblem& problem, Severity severity);
  void report(const std::vector<EvaluationProblem>& problems, Severity severity = Severity::Error);
};

class Deployment final : public TemplateScope {
 public:
  struct Origin {
    const Node& root;     // the template
    std::string pointer;  // of it
    DeploymentFacts target;
    std::vector<GivenParameter> parameters;
    Deployment* outer = nullptr;  // whose expressions these are, with outer scope
    Loops loops;                  // that it stands in, with outer scope
    bool is_nested = false;
  };

  // REQUIRES: `expansion` and the template outlive it, and so does `outer`.
  Deployment(Expansion& expansion, Origin origin);

  // Adds its resources, and those of its nested deployments, to the set.
  void expand();

  // `{"name":{"type":…,"value":…}}`.
  [[nodiscard]] Answer outputs();

  [[nodiscard]] Answer parameter(std::string_view name) override;
  [[nodiscard]] Answer variable(std::string_view name) override;
  [[nodiscard]] Answer reference(std::span<const Value> arguments) override;
  [[nodiscard]] std::string id_of_symbol(std::string_view symbol) override;
  [[nodiscard]] const DeploymentFacts& facts() const override { return target_; }
  [[nodiscard]] Answer call_user_function(std::string_view name,
                                          std::span<const Value> arguments) override;

 private:
  // A value that is evaluated once.
  struct Slot {
    bool in_the_making = false;
    Value value;
  };
  using Slots = std::unordered_map<std::string, Slot>;

  // A resource as the template writes it.
  struct Written {
    const Node& node;
    std::string pointer;
    std::string symbol;  // empty in an array
  };

  // A nested deployment of one turn of its loop.
  struct Nested {
    enum class State : std::uint8_t { Fresh, Making, Ready, LeftOut };
    State state = State::Fresh;
    std::unique_ptr<Deployment> deployment;
    Value seen;  // what reference() gives
  };

  // deployment.cc
  // Whose expressions these are.
  [[nodiscard]] Deployment& scope() {
    return origin_.outer != nullptr ? origin_.outer->scope() : *this;
  }
  [[nodiscard]] Evaluator evaluator() { return Evaluator(scope(), expansion_.work, origin_.loops); }
  template <class Make>
  [[nodiscard]] Answer kept(Slots& slots, std::string_view what, std::string_view name, Make make);
  [[nodiscard]] Value checked(Node node);
  [[nodiscard]] Value make_variable(const Node& written, const std::string& pointer);
  [[nodiscard]] Value make_loop_variable(const Node& copy, const std::string& pointer);
  [[nodiscard]] std::string at(std::string_view section) const {
    return pointer_join(origin_.pointer, section);
  }

  // parameters.cc
  [[nodiscard]] Value bind(const std::string& name, const Node& declared);
  [[nodiscard]] const GivenParameter* given(std::string_view name) const;
  [[nodiscard]] std::optional<Node> given_value(const GivenParameter& given,
                                                const ParameterType& type);
  [[nodiscard]] Value without_value(const std::string& name, const Node& declared,
                                    const ParameterType& type);
  void keep_secret(const Node& value);
  void open_placeholders(Node& value, const std::string& name);
  void check_allowed(const std::string& name, const Node& value, const ParameterType& type);

  // resources.cc
  void read_resources();
  void expand_written(const Written& written, const Position* parent, Evaluator& evaluator);
  void expand_one(const Written& written, const Position* parent, Evaluator& evaluator);
  void expand_deployment(const Written& written, Evaluator& evaluator);
  void expand_children(const Written& written, const Position& position, Evaluator& evaluator);
  void add_resource(const Written& written, const Position& position, Evaluator& evaluator);
  void add_open_role(const Written& written, const Node& because);
  [[nodiscard]] std::string made_name(const Written& written, const Node& because) const;
  // Because of a value that only a deployment tells.
  void leave_out(const Written& written, const Node& because, std::string pointer);
  void left_out() { ++expansion_.set.ignored["template expression"]; }
  void misfit(const Written& written, std::string_view name);
  // Its `condition` holds.
  [[nodiscard]] bool is_wanted(const Written& written, Evaluator& evaluator);
  [[nodiscard]] std::optional<std::int64_t> turns_of(const Written& written, Evaluator& evaluator);
  [[nodiscard]] std::optional<std::string> base_of(const Written& written, Evaluator& evaluator);
  [[nodiscard]] std::optional<Position> place_of(const Written& written, const Position* parent,
                                                 Evaluator& evaluator);
  // The member, evaluated; a null node when it is absent.
  [[nodiscard]] Node resolved(const Written& written, std::string_view member,
                              Evaluator& evaluator);

  // nested.cc
  [[nodiscard]] Nested& nested(const Written& written, Evaluator& evaluator);
  void make(Nested& nested, const Written& written, Evaluator& evaluator);
  [[nodiscard]] std::optional<DeploymentFacts> target_of(const Written& written,
                                                         Evaluator& evaluator);
  [[nodiscard]] std::vector<GivenParameter> parameters_of(const Written& written,
                                                          Evaluator& evaluator);
  void index_deployments();
  void index_deployment(const Written& written, Evaluator& evaluator, std::int64_t turn);
  [[nodiscard]] Node make_outputs();
  [[nodiscard]] Node make_output(const Node& output, const std::string& pointer);

  Expansion& expansion_;
  Origin origin_;
  DeploymentFacts target_;
  Slots parameters_;
  Slots variables_;
  Slot outputs_;
  std::vector<Written> resources_;  // those of the first level
  std::map<std::pair<const Node*, std::int64_t>, Nested> nested_;
  // Symbol, name or id of a nested deployment in lower case → which, of which turn.
  std::unordered_map<std::string, std::pair<const Written*, std::int64_t>> deployments_;
  enum class Indexed : std::uint8_t { Not, Now, Done } indexed_ = Indexed::Not;
};

}  // namespace nsp

#endif  // NSP_SIM_DOCUMENT_TEMPLATE_DEPLOYMENT_H_
