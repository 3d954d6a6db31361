#include "sim/access_log/line_protocol.h"

#include <fmt/format.h>

#include "sim/base/text.h"

namespace nsp {
namespace {

constexpr int kHeld = 0;
constexpr int kInvalidInput = 3;
constexpr int kUndecided = 4;
constexpr int kNothing = 5;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_blank(std::string_view line) { return trim(line).empty(); }

// The facts of the line win over those of the caller that it names.
void fill_from(const Caller& caller, AttemptLine& line) {
  Attempt& attempt = line.attempt;
  attempt.outside = true;
  if (!line.says(LineMember::Credential)) attempt.credential = caller.credential;
  if (!line.says(LineMember::Address)) {
    attempt.address = caller.address;
    attempt.address_hidden = caller.address_hidden;
  }
  if (!line.says(LineMember::Subscription)) attempt.subscription = caller.subscription;
  if (!line.says(LineMember::Subnet)) attempt.subnet = caller.subnet;
  if (!line.says(LineMember::TrustedService)) attempt.trusted_service = caller.trusted_service;
}

std::uint32_t column_at(const AttemptLine& line, LineMember member) {
  return line.column[static_cast<std::size_t>(member)];
}

}  // namespace

int exit_status(const LineCounts& counts) {
  if (counts.errors != 0) return kInvalidInput;
  if (counts.undecided != 0) return kUndecided;
  return counts.records == 0 ? kNothing : kHeld;
}

LineEvaluator::LineEvaluator(const Policy& policy, CallerBook callers, const Readings& readings)
    : policy_(policy),
      callers_(std::move(callers)),
      readings_(readings),
      enforced_(if_enforced()),
      writer_(policy) {}

void LineEvaluator::process(std::string_view line, std::string& out) {
  ++counts_.lines;
  if (counts_.lines == 1 && line.starts_with(kByteOrderMark))
    line.remove_prefix(kByteOrderMark.size());
  if (is_blank(line)) return;
  ++counts_.records;
  const auto read = reader_.read(line, line_);
  if (!read) return refuse(read.error(), out);
  const auto named = name_caller();
  if (!named) return refuse(named.error(), out);
  answer(out);
}

std::expected<void, LineError> LineEvaluator::name_caller() {
  Attempt& attempt = line_.attempt;
  if (!line_.says(LineMember::From)) {
    attempt.outside = true;
    return {};
  }
  if (const Caller* caller = callers_.find(attempt.from)) {
    fill_from(*caller, line_);
    return {};
  }
  const Lookup found = policy_.find_resource(attempt.from);
  if (found.index != kNone || found.ambiguous) return {};  // bind() explains an ambiguous name
  return std::unexpected(LineError{
      fmt::format("`{}` is neither a resource nor a caller; leave `from` out where the line itself "
                  "says who calls",
                  attempt.from),
      column_at(line_, LineMember::From)});
}

void LineEvaluator::answer(std::string& out) {
  const auto bound = bind(policy_, line_.attempt, readings_);
  if (!bound) return refuse({bound.error(), column_of(bound.error())}, out);
  const Decision now = evaluate(policy_, *bound, {}, readings_);
  const Decision then = evaluate(policy_, *bound, enforced_, readings_);
  if (now.verdict == Verdict::Undecided) ++counts_.undecided;
  writer_.write(line_.id, now, then, out);
  if (listener_) listener_({policy_, line_.attempt, *bound, {}, readings_, now});
}

// The member that the message quotes.
std::uint32_t LineEvaluator::column_of(std::string_view message) const {
  const std::pair<LineMember, std::string_view> quoted[] = {
      {LineMember::To, line_.attempt.to},
      {LineMember::From, line_.attempt.from},
      {LineMember::Subnet, line_.attempt.subnet},
  };
  for (const auto& [member, text] : quoted) {
    if (line_.says(member) && message.contains(fmt::format("`{}`", text))) {
      return column_at(line_, member);
    }
  }
  return 1;
}

void LineEvaluator::refuse(const LineError& error, std::string& out) {
  ++counts_.errors;
  DecisionLineWriter::write_error(line_.id, error.message, counts_.lines, error.column, out);
}

void LineEvaluator::refuse_long_line(std::size_t longest, std::string& out) {
  ++counts_.lines;
  ++counts_.records;
  line_.id = "null";
  refuse({fmt::format("the line is longer than {} bytes", longest), 1}, out);
}

void LineStream::feed(std::string_view bytes, std::string& out) {
  for (;;) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return keep(bytes);
    end_line(bytes.substr(0, end), out);
    bytes.remove_prefix(end + 1);
  }
}

void LineStream::keep(std::string_view rest) {
  if (partial_.size() + rest.size() > longest_) too_long_ = true;
  if (too_long_) {
    partial_.clear();
  } else {
    partial_ += rest;
  }
}

void LineStream::end_line(std::string_view last_piece, std::string& out) {
  if (!too_long_ && partial_.empty() && last_piece.size() <= longest_) {
    return evaluator_.process(last_piece, out);
  }
  keep(last_piece);
  if (too_long_) {
    evaluator_.refuse_long_line(longest_, out);
  } else {
    evaluator_.process(partial_, out);
  }
  partial_.clear();
  too_long_ = false;
}

void LineStream::finish(std::string& out) {
  if (!partial_.empty() || too_long_) end_line({}, out);
}

}  // namespace nsp
