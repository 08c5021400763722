#include "services/market_data/store/pg_quarantine.h"

#include <algorithm>
#include <string>

namespace papertape::market {
namespace {

constexpr std::size_t kMostContentBytes = 1'000;

std::string Printable(std::string_view text) {
  std::string kept(text.substr(0, kMostContentBytes));
  std::replace_if(
      kept.begin(), kept.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return kept;
}

// Of suspects that come twice in one batch one text is kept.
constexpr std::string_view kKeep =
    "insert into quarantine as known (symbol, span, source, time, reason, detail, content, times) "
    "select symbol, span, source, time, reason, (array_agg(detail))[1], (array_agg(content))[1], count(*) "
    "from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[]) "
    "as said (symbol, span, source, time, reason, detail, content) group by symbol, span, source, time, reason "
    "on conflict on constraint quarantine_once do update set times = known.times + excluded.times, last_at = now(), "
    "detail = excluded.detail, content = excluded.content";

}  // namespace

absl::Status PgQuarantine::Add(const std::vector<Suspect>& suspects) {
  if (suspects.empty()) return absl::OkStatus();
  return pool_.Transact([&](pg::Transaction& transaction) {
    Add(transaction, suspects);
    return absl::OkStatus();
  });
}

void PgQuarantine::Acquit(pg::Transaction& transaction, const std::string& symbol, const std::vector<Timestamp>& days) {
  if (days.empty()) return;
  pg::ArrayParam times;
  for (const Timestamp day : days) times.Add(day);
  transaction.Exec(
      "delete from quarantine where symbol = $1 and span = '1d' and reason = 'jump' and time = any ($2::timestamptz[])",
      {symbol, times.Finish()});
}

void PgQuarantine::Add(pg::Transaction& transaction, const std::vector<Suspect>& suspects) {
  if (suspects.empty()) return;
  pg::ArrayParam symbols;
  pg::ArrayParam spans;
  pg::ArrayParam sources;
  pg::ArrayParam times;
  pg::ArrayParam reasons;
  pg::ArrayParam details;
  pg::ArrayParam contents;
  for (const Suspect& suspect : suspects) {
    symbols.Add(Printable(suspect.symbol));
    spans.Add(suspect.span);
    sources.Add(suspect.source);
    times.Add(suspect.time);
    reasons.Add(SuspicionName(suspect.suspicion));
    details.Add(Printable(suspect.detail));
    contents.Add(Printable(suspect.content));
  }
  transaction.Exec(kKeep, {symbols.Finish(), spans.Finish(), sources.Finish(), times.Finish(), reasons.Finish(),
                           details.Finish(), contents.Finish()});
}

}  // namespace papertape::market
