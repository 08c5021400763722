#include "cli/ledger_commands.h"

#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "cli/commands.h"
#include "fmt/format.h"
#include "libs/ids/hex.h"
#include "libs/money/money.h"
#include "libs/rpc/proto_types.h"

namespace papertape::cli {
namespace {

namespace v1 = trade_engine::v1;

constexpr std::int64_t kProgressEvery = 100'000;  // events
constexpr int kHeadsAtOnce = 1'000;

std::string AccountName(std::int64_t session, std::int64_t user_id) {
  return session == 0 ? fmt::format("user {}", user_id) : fmt::format("user {} in session {}", user_id, session);
}

int Fail(const std::string& why) {
  std::cerr << "papertape: " << why << "\n";
  return 1;
}

// Says how far a long walk has come.
class Progress {
 public:
  explicit Progress(std::string_view verb) : verb_(verb) {}
  void Add(std::int64_t events) {
    events_ += events;
    if (events_ < next_) return;
    std::cerr << fmt::format("{} {} events\n", verb_, events_);
    next_ = events_ + kProgressEvery;
  }
  [[nodiscard]] std::int64_t events() const { return events_; }

 private:
  const std::string verb_;
  std::int64_t events_ = 0;
  std::int64_t next_ = kProgressEvery;
};

std::string HeadLine(const v1::LogPlace& head) {
  return fmt::format("{} {} {} {}\n", head.session(), head.user_id(), head.account_seq(), ToHex(head.hash()));
}

// A line that HeadLine wrote; a hash of no length where it is none.
v1::LogPlace ReadHeadLine(const std::string& line) {
  v1::LogPlace head;
  std::int64_t session = 0;
  std::int64_t user_id = 0;
  std::int64_t account_seq = 0;
  std::string hex;
  std::istringstream words(line);
  words >> session >> user_id >> account_seq >> hex;
  head.set_session(session);
  head.set_user_id(user_id);
  head.set_account_seq(account_seq);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hash;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const std::size_t high = kDigits.find(hex[i]);
    const std::size_t low = kDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return head;
    hash += static_cast<char>(high * 16 + low);
  }
  if (words && hash.size() == 32) head.set_hash(hash);
  return head;
}

int Expect(LedgerClient& engine, const std::string& path) {
  std::ifstream file(path);
  if (!file) return Fail("cannot read " + path);
  v1::FindHeadsRequest request;
  std::int64_t found = 0;
  const auto ask = [&]() -> int {
    const auto reply = engine.FindHeads(request);
    if (!reply.ok()) return Refused(reply.status());
    found += request.places_size() - reply->missing_size();
    request.clear_places();
    if (reply->missing_size() == 0) return 0;
    const v1::LogPlace& first = reply->missing(0);
    return Fail(
        fmt::format("{} heads of {} are not in the log; the first is event {} of {}: the log was set back, or "
                    "written anew",
                    reply->missing_size(), path, first.account_seq(), AccountName(first.session(), first.user_id())));
  };
  for (std::string line; std::getline(file, line);) {
    *request.add_places() = ReadHeadLine(line);
    if (request.places(request.places_size() - 1).hash().empty()) return Fail("this is no head: " + line);
    if (request.places_size() == kHeadsAtOnce && ask() != 0) return 1;
  }
  if (request.places_size() > 0 && ask() != 0) return 1;
  std::cout << fmt::format("all {} heads of {} are in the log\n", found, path);
  return 0;
}

void Print(const v1::RowDifference& difference) {
  const std::string row = fmt::format("{} {} of {}", difference.table(), difference.key(),
                                      AccountName(difference.session(), difference.user_id()));
  const auto said = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
  std::cout << fmt::format("{}{}{}: stored is {}, the events say {}\n", row, difference.column().empty() ? "" : ", ",
                           difference.column(), said(difference.stored()), said(difference.logged()));
}

using Accounts = std::set<std::pair<std::int64_t, std::int64_t>>;  // session, user

int Repair(LedgerClient& engine, const Accounts& accounts) {
  v1::RepairLedgerRequest request;
  for (const auto& [session, user_id] : accounts) {
    v1::LogPlace& account = *request.add_accounts();
    account.set_session(session);
    account.set_user_id(user_id);
  }
  const auto repaired = engine.Repair(request);
  if (!repaired.ok()) return Refused(repaired.status());
  std::cout << fmt::format("made {} accounts again from their events\n", accounts.size());
  return 0;
}

}  // namespace

int VerifyLedger(LedgerClient& engine, const VerifyOptions& options) {
  std::ofstream heads;
  if (!options.heads_out.empty()) {
    heads.open(options.heads_out);
    if (!heads) return Fail("cannot write " + options.heads_out);
  }
  v1::VerifyLedgerRequest request;
  Progress progress("checked");
  std::int64_t accounts = 0;
  while (true) {
    const auto found = engine.Verify(request);
    if (!found.ok()) return Refused(found.status());
    progress.Add(found->checked());
    accounts += found->heads_size();
    for (const v1::LogPlace& head : found->heads()) heads << HeadLine(head);
    if (found->has_fault()) {
      std::cout << fmt::format("checked {} events\n", progress.events());
      return Fail(fmt::format("the ledger has been tampered with: event {} of {} {}", found->fault().account_seq(),
                              AccountName(found->fault().session(), found->fault().user_id()), found->problem()));
    }
    *request.mutable_after() = found->last();
    if (found->at_end()) break;
  }
  std::cout << fmt::format(
      "checked {} events of {} accounts: all as they were written, all figures the sums of their "
      "entries\n",
      progress.events(), accounts);
  return options.expect.empty() ? 0 : Expect(engine, options.expect);
}

int RebuildLedger(LedgerClient& engine, bool write) {
  v1::CompareLedgerRequest request;
  Progress progress("replayed");
  Accounts wrong;
  std::int64_t accounts = 0;
  std::int64_t rows = 0;
  std::int64_t differences = 0;
  while (true) {
    const auto found = engine.Compare(request);
    if (!found.ok()) return Refused(found.status());
    progress.Add(found->events());
    accounts += found->accounts();
    rows += found->rows();
    differences += found->differences_size();
    for (const v1::RowDifference& difference : found->differences()) {
      Print(difference);
      wrong.emplace(difference.session(), difference.user_id());
    }
    request.set_after_session(found->last_session());
    request.set_after_user_id(found->last_user_id());
    if (found->at_end()) break;
  }
  std::cout << fmt::format("replayed {} events of {} accounts into {} rows; {} differences\n", progress.events(),
                           accounts, rows, differences);
  if (wrong.empty()) return 0;
  return write ? Repair(engine, wrong) : 1;
}

int ShowLedger(LedgerClient& engine, std::int64_t user_id, std::int64_t session) {
  v1::ListTransfersRequest request;
  request.set_session(session);
  request.set_user_id(user_id);
  std::int64_t cash = 0;
  std::int64_t margin = 0;
  std::cout << fmt::format("{:>6}  {:<27}  {:<17}  {:>18}  {:>18}  {:>18}  {}\n", "event", "time", "from -> to",
                           "amount", "cash", "margin", "trade");
  while (true) {
    const auto page = engine.List(request);
    if (!page.ok()) return Refused(page.status());
    for (const v1::LedgerTransfer& t : page->transfers()) {
      const std::int64_t amount = t.amount().micros();
      const auto side = [&](std::string_view book) {
        return (t.to_book() == book ? amount : 0) - (t.from_book() == book ? amount : 0);
      };
      cash += side("cash");
      margin += side("margin");
      std::cout << fmt::format("{:>6}  {:<27}  {:<17}  {:>18}  {:>18}  {:>18}  {}\n", t.account_seq(),
                               FormatRfc3339(rpc::Decode(t.created_at())), t.from_book() + " -> " + t.to_book(),
                               Format(Money::FromMicros(amount)), Format(Money::FromMicros(cash)),
                               Format(Money::FromMicros(margin)), t.trade_id().empty() ? "-" : t.trade_id());
      request.set_after_seq(t.account_seq());
      request.set_after_line(t.line());
    }
    if (page->transfers_size() < 1'000) break;
  }
  return 0;
}

}  // namespace papertape::cli
