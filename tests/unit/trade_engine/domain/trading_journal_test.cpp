#include "services/trade_engine/domain/trading_journal.h"

#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using std::chrono::hours;

const Timestamp kEntry = *ParseRfc3339("2026-03-02T14:30:00Z");

JournalEntry Written(Side side = Side::kBuy) {
  return {.trade = {.user_id = 7,
                    .trade_id = "t",
                    .symbol = "AAPL",
                    .side = side,
                    .quantity = Quantity::FromMicros(3'000'001),
                    .entry_price = Price::FromMicros(150'100'000),
                    .stop_loss = Price::FromUnits(148),
                    .created_at = kEntry},
          .notes = {.emotions = "calm", .lessons_learned = "wait"},
          .armed_at = kEntry};
}

CloseEntry At(std::int64_t micros) { return {.exit_price = Price::FromMicros(micros)}; }

TEST_CASE("a bullish trade earns when the price rises, a bearish one when it falls, to the millionth") {
  JournalEntry bullish = Written(Side::kBuy);
  JournalEntry bearish = Written(Side::kSell);
  for (JournalEntry* entry : {&bullish, &bearish})
    REQUIRE_THAT(Apply(At(155'000'000), kEntry + hours(1), *entry), IsOk());
  CHECK(bullish.trade.pnl == Money::FromMicros(14'700'005));  // 4.9 x 3.000001 is 14.7000049: to the nearest
  CHECK(bearish.trade.pnl == Money::FromMicros(-14'700'005));
  CHECK(bullish.trade.status == TradeStatus::kClosed);
  CHECK(bullish.trade.closed_at == kEntry + hours(1));
  CHECK(bullish.trade.exit_price == Price::FromUnits(155));
}

TEST_CASE("a written trade is closed once, and not before it was opened") {
  JournalEntry entry = Written();
  CloseEntry early = At(155'000'000);
  early.exit_date = kEntry - hours(1);
  CHECK_THAT(Apply(early, kEntry + hours(1), entry), NamesField("exit_date"));
  CHECK(entry.trade.status == TradeStatus::kActive);
  CloseEntry command = At(155'000'000);
  command.lessons_learned = "sell later";
  REQUIRE_THAT(Apply(command, kEntry + hours(1), entry), IsOk());
  CHECK(entry.notes.lessons_learned == "sell later");
  CHECK_THAT(Apply(command, kEntry + hours(2), entry), HasReason(Reason::kTRADE_CLOSED));
}

TEST_CASE("an entry that its owner dates later than now is closed at that time at the earliest") {
  JournalEntry entry = Written();
  REQUIRE_THAT(Apply(At(155'000'000), kEntry - hours(5), entry), IsOk());
  CHECK(entry.trade.closed_at == kEntry);
  CHECK(entry.notes.lessons_learned == "wait");
}

TEST_CASE("a result that no ledger can hold is refused") {
  JournalEntry entry = Written();
  entry.trade.quantity = Quantity::FromUnits(1'000'000'000);
  CHECK_THAT(Apply(At(1'000'000'000'000'000), kEntry, entry), HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
  CHECK(entry.trade.status == TradeStatus::kActive);
}

TEST_CASE("a level that becomes another one is watched anew, the same one is not") {
  JournalEntry entry = Written();
  entry.alerted_at = kEntry + hours(1);
  const Timestamp now = kEntry + hours(2);
  REQUIRE_THAT(Apply(ChangeEntry{.stop_loss = Price::FromUnits(148), .notes = {.notes = "seen"}}, now, entry), IsOk());
  CHECK(entry.watch == 1);
  CHECK(entry.alerted_at);
  CHECK(entry.notes.notes == "seen");
  CHECK(entry.notes.emotions == "calm");
  REQUIRE_THAT(Apply(ChangeEntry{.target_price = Price::FromUnits(160)}, now, entry), IsOk());
  CHECK(entry.watch == 2);
  CHECK_FALSE(entry.alerted_at);
  CHECK(entry.armed_at == now);
  REQUIRE_THAT(Apply(ChangeEntry{.stop_loss = std::optional<Price>()}, now, entry), IsOk());
  CHECK(entry.watch == 3);
  CHECK_FALSE(entry.trade.stop_loss);
}

TEST_CASE("what is written of a closed trade can be changed, its levels cannot") {
  JournalEntry entry = Written();
  REQUIRE_THAT(Apply(At(155'000'000), kEntry, entry), IsOk());
  CHECK_THAT(Apply(ChangeEntry{.stop_loss = Price::FromUnits(1)}, kEntry, entry), HasReason(Reason::kTRADE_CLOSED));
  REQUIRE_THAT(Apply(ChangeEntry{.notes = {.tags = std::vector<std::string>{"a"}}}, kEntry, entry), IsOk());
  CHECK(entry.notes.tags == std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace papertape::trade_engine
