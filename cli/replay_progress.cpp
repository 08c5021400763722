#include "cli/replay_progress.h"

#include "fmt/format.h"
#include "libs/rpc/proto_types.h"

namespace papertape::cli {
namespace {

using market_data::v1::MarketSession;

constexpr int kWidth = 30;

std::string Day(const google::protobuf::Timestamp& time) { return FormatDate(rpc::Decode(time)); }

std::string Symbols(const MarketSession& session) {
  return fmt::format("{} symbol{}", session.symbols(), session.symbols() == 1 ? "" : "s");
}

}  // namespace

std::string MarketTime(const google::protobuf::Timestamp& time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(rpc::Decode(time));
  const std::string text = FormatRfc3339(second);
  return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 8));
}

std::string Describe(const MarketSession& session) {
  if (session.session() == 0) return "the market is live";
  const std::string pace = session.state() == "running"
                               ? fmt::format("running at {}x", session.speed())
                               : fmt::format("{} (speed {}x)", session.state(), session.speed());
  return fmt::format("session {}, a replay of {} to {} of {}: {}, {}, {:.0f} %", session.session(), Day(session.from()),
                     Day(session.until()), Symbols(session), pace, MarketTime(session.time()), session.progress());
}

void ReplayProgress::Show(const MarketSession& session) {
  if (!is_terminal_) {
    const std::string day = Day(session.time());
    if (day == shown_day_) return;
    shown_day_ = day;
    out_ << fmt::format("{}  {:3.0f} %\n", MarketTime(session.time()), session.progress()) << std::flush;
    return;
  }
  const int full = static_cast<int>(session.progress() / 100 * kWidth);
  const std::string pace =
      session.state() == "running" ? fmt::format("{}x", session.speed()) : std::string(session.state());
  const std::string line = fmt::format("[{:#<{}}{:.<{}}] {:3.0f} %  {}  {}  {}", "", full, "", kWidth - full,
                                       session.progress(), MarketTime(session.time()), Symbols(session), pace);
  const std::size_t before = drawn_;
  drawn_ = line.size();
  out_ << '\r' << line << std::string(before > drawn_ ? before - drawn_ : 0, ' ') << std::flush;
}

void ReplayProgress::Finish() {
  if (drawn_ > 0) out_ << '\n';
  drawn_ = 0;
}

}  // namespace papertape::cli
