#include "services/market_data/domain/bar_import.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/bar_quality.h"
#include "services/market_data/domain/jump_explanations.h"

namespace papertape::market {
namespace {

// Somebody waits for the answer.
constexpr std::chrono::seconds kSplitsTimeout{3};

}  // namespace

// What is to be written, and what is refused.
struct BarImport::Checked {
  std::vector<ImportedBars> bars;
  std::vector<Suspect> suspects;
  std::vector<RefusedRow> refused;
};

absl::StatusOr<ImportReport> BarImport::Run(const ImportRequest& request,
                                            const idempotency::Repeatable<ImportReport>& repeatable) {
  PT_ASSIGN_OR_RETURN(ImportRows read, ReadImportCsv(request.csv, request.format));
  PT_ASSIGN_OR_RETURN(const std::vector<Instrument> catalogue, ports_.instruments.All());
  std::map<std::string_view, const Instrument*> known;
  for (const Instrument& instrument : catalogue) known.emplace(instrument.symbol, &instrument);

  ImportReport report{.dry_run = request.dry_run,
                      .interval = request.format.interval,
                      .rows = static_cast<std::int64_t>(read.rows.size() + read.refused.size())};
  Checked checked{.refused = std::move(read.refused)};
  std::map<std::string, std::vector<ImportRow>> by_symbol;
  for (ImportRow& row : read.rows) {
    if (known.contains(row.symbol)) {
      by_symbol[row.symbol].push_back(std::move(row));
    } else {
      checked.refused.push_back({row.line, row.symbol, "unknown_symbol", "is not in the catalogue"});
    }
  }
  for (auto& [symbol, rows] : by_symbol) {
    PT_RETURN_IF_ERROR(Check(*known.at(symbol), request.format.interval, std::move(rows), checked));
  }
  report.refused = static_cast<std::int64_t>(checked.refused.size());
  std::sort(checked.refused.begin(), checked.refused.end(),
            [](const RefusedRow& a, const RefusedRow& b) { return a.line < b.line; });
  checked.refused.resize(std::min(checked.refused.size(), kMostRefusals));
  report.refusals = std::move(checked.refused);
  PT_ASSIGN_OR_RETURN(const ImportReport done,
                      ports_.store.Import(report, checked.bars, checked.suspects, request.overwrite, repeatable));
  if (!request.dry_run) {
    for (const ImportedSymbol& symbol : done.symbols) {
      ports_.tally.Wrote(kImportSource, {.added = symbol.added, .corrected = symbol.corrected});
    }
    ports_.tally.Suspected(checked.suspects);
  }
  return done;
}

absl::Status BarImport::Check(const Instrument& instrument, Interval interval, std::vector<ImportRow> rows,
                              Checked& checked) {
  // Files may run backwards; of two lines with one time the first counts.
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ImportRow& a, const ImportRow& b) { return a.bar.time < b.bar.time; });
  SaidBars said{
      .symbol = instrument.symbol, .exchange = instrument.exchange, .interval = interval, .source = kImportSource};
  std::map<Timestamp, std::size_t> lines;
  for (const ImportRow& row : rows) {
    const auto [first, is_new] = lines.emplace(row.bar.time, row.line);
    if (is_new) {
      said.bars.push_back(row.bar);
    } else {
      checked.refused.push_back({row.line, row.symbol, std::string(SuspicionName(Suspicion::kOutOfOrder)),
                                 fmt::format("has the time of line {}", first->second)});
    }
  }
  PT_ASSIGN_OR_RETURN(const BarPage before,
                      ports_.bars.List({.symbol = instrument.symbol,
                                        .interval = interval,
                                        .until = said.bars.front().time - std::chrono::microseconds(1),
                                        .limit = 1}));
  if (!before.bars.empty()) said.before = before.bars.back();
  CheckedBars result = CheckBars(
      said, {.now = ports_.clock.Now(), .largest_jump_pct = largest_jump_pct_},
      ExplainJumps({.splits = ports_.splits, .bars = ports_.bars}, instrument, ports_.clock.Steady() + kSplitsTimeout));
  for (Suspect& suspect : result.suspects) {
    checked.refused.push_back(
        {lines.at(suspect.time), instrument.symbol, std::string(SuspicionName(suspect.suspicion)), suspect.detail});
    checked.suspects.push_back(std::move(suspect));
  }
  if (!result.good.empty()) checked.bars.push_back({instrument.symbol, std::move(result.good)});
  return absl::OkStatus();
}

}  // namespace papertape::market
