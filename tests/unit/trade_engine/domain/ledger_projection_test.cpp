#include "services/trade_engine/domain/ledger_projection.h"

#include "libs/clock/fake_clock.h"
#include "libs/ids/ids.h"
#include "services/trade_engine/domain/book.h"
#include "services/trade_engine/domain/row_difference.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::IsOk;

constexpr std::int64_t kUser = 7;

EventRecord ToRecord(const EventView& view) {
  EventRecord record{.event = view.event, .transfers = {view.transfers.begin(), view.transfers.end()}};
  if (view.order != nullptr) record.order = *view.order;
  return record;
}

// Random commands and ticks of one user; what they did, and the account after the last of them.
struct Story {
  FakeClock clock;
  IdSource ids{clock, SeededRandom(1)};
  Book book{BookOptions(), ids};
  Batch batch;
  RandomBits random;

  explicit Story(std::uint64_t seed) : random(SeededRandom(seed)) {
    for (int step = 0; step < 400; ++step) Step();
  }
  std::int64_t Draw(std::int64_t below) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
  }
  Price AnyPrice() { return Price::FromMicros(80'000'000 + Draw(40'000'000)); }
  void Step() {
    clock.Advance(std::chrono::milliseconds(1 + Draw(500)));
    const Quote quote{.symbol = "AAPL", .last = AnyPrice(), .time = clock.Now(), .source = "test"};
    book.Tick(quote, clock.Now(), batch, "1-0");
    switch (Draw(5)) {
      case 0:
      case 1: {
        OpenTrade open{.user_id = kUser, .symbol = "AAPL", .side = Draw(2) == 0 ? Side::kBuy : Side::kSell};
        open.quantity = Quantity::FromMicros(1 + Draw(90'000'000));
        if (Draw(2) == 0) open.stop_loss = AnyPrice();
        if (Draw(2) == 0) open.target_price = AnyPrice();
        (void)book.Decide(open, clock.Now(), "open", batch);
        break;
      }
      case 2:
        if (!batch.trades().made().empty()) {
          const auto& trades = batch.trades().made();
          const std::string& id =
              trades[static_cast<std::size_t>(Draw(static_cast<std::int64_t>(trades.size())))].trade_id;
          (void)book.Decide(ExitTrade{.user_id = kUser, .trade_id = id}, clock.Now(), "exit", batch);
        }
        break;
      case 3:
        if (!batch.trades().made().empty()) {
          const ChangeTrade change{
              .user_id = kUser, .trade_id = batch.trades().made().back().trade_id, .stop_loss = AnyPrice()};
          (void)book.Decide(change, clock.Now(), "change", batch);
        }
        break;
      default:
        if (Draw(20) == 0) (void)book.Decide(ExitAllTrades{.user_id = kUser}, clock.Now(), "all", batch);
    }
  }
};

template <class Row>
void CheckSame(const std::vector<Row>& decided, const std::vector<Row>& replayed) {
  std::vector<DescribedRow> left, right;
  for (const Row& row : decided) left.push_back(Describe(row));
  for (const Row& row : replayed) right.push_back(Describe(row));
  std::vector<RowDifference> differences;
  CompareRows({}, left, right, differences);
  for (const RowDifference& d : differences)
    UNSCOPED_INFO(d.key << " " << d.column << " " << d.stored << " " << d.logged);
  CHECK(differences.empty());
}

TEST_CASE("replaying an account's events gives the same figures and rows, to the millionth") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Story story(seed);
    LedgerProjection logged;
    for (const EventView& view : EventsOf(story.batch)) REQUIRE_THAT(logged.Apply(ToRecord(view)), IsOk());
    REQUIRE(logged.events() > 50);
    std::vector<Trade> trades;
    for (const auto& [id, trade] : logged.trades()) trades.push_back(trade);
    CheckSame(story.batch.accounts().made(), {logged.account()});
    CheckSame(story.batch.trades().made(), trades);
    CheckSame(story.batch.orders(), logged.orders());
    CheckSame(story.batch.transfers(), logged.transfers());
  }
}

TEST_CASE("an event that is left out, or whose transfers make other figures than it tells, is refused") {
  const Story story(1);
  const std::vector<EventView> views = EventsOf(story.batch);
  LedgerProjection gap;
  REQUIRE_THAT(gap.Apply(ToRecord(views[0])), IsOk());
  CHECK_FALSE(gap.Apply(ToRecord(views[2])).ok());

  LedgerProjection wrong;
  EventRecord record = ToRecord(views[0]);
  record.transfers[0].amount = Money::FromMicros(record.transfers[0].amount.micros() - 1);
  CHECK_FALSE(wrong.Apply(record).ok());
}

TEST_CASE("an account that was carried over goes on from its figures") {
  const Story story(3);
  const std::vector<EventView> views = EventsOf(story.batch);
  const std::size_t middle = views.size() / 2;
  EventRecord genesis;
  genesis.event.kind = EventKind::kAccountCarriedOver;
  genesis.event.account = views[middle - 1].event.account;
  genesis.event.account_seq = views[middle - 1].event.account_seq;
  genesis.event.time = views[middle - 1].event.time;
  LedgerProjection logged;
  REQUIRE_THAT(logged.Apply(genesis), IsOk());
  for (std::size_t i = middle; i < views.size(); ++i) REQUIRE_THAT(logged.Apply(ToRecord(views[i])), IsOk());
  CheckSame(story.batch.accounts().made(), {logged.account()});
  CHECK(logged.carried_over_at() == genesis.event.time);
}

}  // namespace
}  // namespace papertape::trade_engine
