// Whoever has the whole database can change anything, triggers off. What the log is for is that it is found, and that
// the rows can be made again.
#include "libs/clock/fake_clock.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/store/pg_journal.h"
#include "services/trade_engine/store/pg_ledger.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::IsOk;

// Three users have traded: opened, changed, stopped out and exited by hand.
class Books {
 public:
  Books() {
    REQUIRE_THAT(journal_.TakeOver().status(), IsOk());
    Trade(100);
    Trade(101);
    Commit(89);
  }
  // Each user buys two, changes one and exits the other; the price is then what is told.
  void Trade(std::int64_t units) {
    Price(units);
    for (int user = 1; user <= 3; ++user) {
      const OpenTrade buy{.user_id = user,
                          .symbol = "AAPL",
                          .quantity = Quantity::FromMicros(1'500'001),
                          .stop_loss = papertape::Price::FromUnits(90)};
      const auto kept = book_.Decide(buy, clock_.Now(), "open", batch_);
      const auto left = book_.Decide(buy, clock_.Now(), "open", batch_);
      REQUIRE_THAT(left.status(), IsOk());
      const ChangeTrade change{
          .user_id = user, .trade_id = kept->trade.trade_id, .stop_loss = papertape::Price::FromUnits(91)};
      REQUIRE_THAT(book_.Decide(change, clock_.Now(), "change", batch_).status(), IsOk());
      const ExitTrade exit{.user_id = user, .trade_id = left->trade.trade_id};
      REQUIRE_THAT(book_.Decide(exit, clock_.Now(), "exit", batch_).status(), IsOk());
    }
    Commit(units + 1);
  }
  // Runs as whoever owns the whole server: triggers are off.
  void Tamper(const std::string& sql) const {
    database_.Execute("set search_path to trade_engine; set session_replication_role = replica; " + sql +
                      "; set session_replication_role = default");
  }
  std::string Ask(const std::string& sql) const { return database_.Execute("set search_path to trade_engine; " + sql); }
  absl::Status Try(const std::string& sql) const {
    return pool_->Transact([&](pg::Transaction& transaction) {
      transaction.Exec(sql);
      return absl::OkStatus();
    });
  }
  // Stretch by stretch, as the command line does.
  LogFinding Check(std::int64_t size = 7) {
    LogFinding all;
    while (!all.at_end && !all.fault) {
      auto found = ledger_.Check(all.last, size);
      REQUIRE_THAT(found.status(), IsOk());
      found->checked += all.checked;
      found->heads.insert(found->heads.begin(), all.heads.begin(), all.heads.end());
      all = *std::move(found);
    }
    return all;
  }
  BooksFinding Compare() {
    auto found = ledger_.Compare({}, 1'000'000);
    REQUIRE_THAT(found.status(), IsOk());
    REQUIRE(found->at_end);
    return *found;
  }
  PgLedger& ledger() { return ledger_; }
  PgJournal& journal() { return journal_; }
  Batch& batch() { return batch_; }

 private:
  void Price(std::int64_t units) {
    clock_.Advance(std::chrono::milliseconds(250));
    const Quote quote{
        .symbol = "AAPL", .last = papertape::Price::FromUnits(units), .time = clock_.Now(), .source = "test"};
    book_.Tick(quote, clock_.Now(), batch_, "5-0");
  }
  void Commit(std::int64_t units) {
    Price(units);
    REQUIRE_THAT(journal_.Commit(batch_), IsOk());
    batch_ = Batch();
  }

  const papertape::testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("trade_engine", trade_engine_store::Migrations());
  PgJournal journal_{*pool_, {EventType(), EncodeEvent}};
  PgLedger ledger_{*pool_, DecodeEvent};
  FakeClock clock_;
  IdSource ids_{clock_, SeededRandom(1)};
  Book book_{BookOptions(), ids_};
  Batch batch_;
};

TEST_CASE("an untouched log is good, in stretches of any size") {
  Books books;
  for (const std::int64_t size : {1, 2, 7, 11, 1'000}) {
    const LogFinding found = books.Check(size);
    CHECK_FALSE(found.fault);
    CHECK(found.checked == 33);  // 1 + 2 * 4 + 2 a user
    CHECK(found.heads.size() == 3);
  }
}

TEST_CASE("every way to tamper with the event log is found where it happened") {
  struct Deed {
    const char* sql;
    std::int64_t user_id;
    std::int64_t account_seq;
    const char* problem;
  };
  const auto deed = GENERATE(
      Deed{"update events set time = time + interval '1 us' where user_id = 2 and account_seq = 4", 2, 4,
           "is not what was"},
      Deed{"update events set id = id || 'x' where user_id = 2 and account_seq = 4", 2, 4, "is not what was"},
      Deed{"update events set type = 'x' where user_id = 2 and account_seq = 4", 2, 4, "is not what was"},
      Deed{"update events set request_id = 'x' where user_id = 2 and account_seq = 4", 2, 4, "is not what was"},
      Deed{"update events set cause = 'x' where user_id = 2 and account_seq = 4", 2, 4, "is not what was"},
      Deed{"update events set payload = payload || '\\x00' where user_id = 2 and account_seq = 4", 2, 4,
           "is not what was"},
      Deed{"update events set hash = sha256('x') where user_id = 2 and account_seq = 4", 2, 4, "is not what was"},
      Deed{"update events set session = 1 where user_id = 2 and account_seq = 4", 2, 4, "is missing"},
      Deed{"update events set user_id = 9 where user_id = 2 and account_seq = 11", 2, 11, "is missing"},
      Deed{"update events set account_seq = 99 where user_id = 2 and account_seq = 4", 2, 4, "is missing"},
      Deed{"delete from events where user_id = 2 and account_seq = 4", 2, 4, "is missing"},
      Deed{"delete from events where user_id = 2 and account_seq = 1", 2, 1, "is missing"},
      Deed{"delete from events where user_id = 2", 2, 1, "is missing"},
      Deed{"delete from events where user_id = 3", 3, 1, "is missing"},
      Deed{"delete from events where user_id = 2 and account_seq > 9", 2, 10, "is missing"},
      Deed{"delete from events where user_id = 3 and account_seq > 9", 3, 10, "is missing"},
      Deed{"update events set account_seq = 15 - account_seq + 100 where user_id = 2 and account_seq in (7, 8); "
           "update events set account_seq = account_seq - 100 where user_id = 2 and account_seq > 100",
           2, 7, "is not what was"},
      Deed{
          "insert into events (session, user_id, account_seq, time, id, type, request_id, cause, payload, hash) select "
          "session, user_id, 12, time, id, type, request_id, cause, payload, hash from events where user_id = 2 and "
          "account_seq = 11",
          2, 12, "is not what was"},
      Deed{"update accounts set head = sha256('x') where user_id = 2", 2, 11, "is not the head"},
      Deed{"delete from accounts where user_id = 2", 2, 1, "belongs to no account"},
      Deed{"update accounts set available = available + 1, deposit = deposit + 1 where user_id = 2", 2, 11,
           "leaves figures"},
      Deed{"update transfers set amount = amount + 1 where user_id = 2 and account_seq = 2", 2, 11, "leaves figures"},
      Deed{"delete from transfers where user_id = 2 and account_seq = 2", 2, 11, "leaves figures"});
  Books books;
  books.Tamper(deed.sql);
  const std::int64_t size = GENERATE(4, 1'000);
  const LogFinding found = books.Check(size);
  INFO(deed.sql);
  REQUIRE(found.fault);
  CHECK(found.fault->account.user_id == deed.user_id);
  CHECK(found.fault->account_seq == deed.account_seq);
  CHECK(found.fault->problem.starts_with(deed.problem));
}

TEST_CASE("a chain that was written anew from some event on lacks the heads that were kept elsewhere") {
  Books books;
  const std::vector<LogPlace> kept = books.Check().heads;
  books.Trade(102);
  CHECK(books.ledger().Missing(kept)->empty());
  books.Tamper(
      "update events set payload = payload || '\\x00' where user_id = 2 and account_seq = 9;"
      "do $$ declare e events; previous bytea; begin "
      "select hash into previous from events where user_id = 2 and account_seq = 8;"
      "for e in select * from events where user_id = 2 and account_seq >= 9 order by account_seq loop "
      "previous := event_hash(previous, e); update events set hash = previous where position = e.position; end loop;"
      "update accounts set head = previous where user_id = 2; end $$");
  CHECK_FALSE(books.Check().fault);
  const auto missing = books.ledger().Missing(kept);
  REQUIRE(missing->size() == 1);
  CHECK(missing->at(0).account.user_id == 2);
}

TEST_CASE("what the log makes is what is stored, and a row that was changed is named and made again") {
  struct Deed {
    const char* sql;
    const char* table;
    const char* column;
  };
  const auto deed = GENERATE(
      Deed{"select 1", "", ""},
      Deed{"update accounts set available = available + 1, deposit = deposit + 1 where user_id = 2", "accounts",
           "deposit"},
      Deed{"update accounts set winning_trades = 2 where user_id = 2", "accounts", "winning_trades"},
      Deed{"update accounts set fee_model = 'x' where user_id = 2", "accounts", "fee_model"},
      Deed{"delete from accounts where user_id = 2", "accounts", ""},
      Deed{"update trades set exit_price = exit_price + 0.000001 where user_id = 2 and status = 'CLOSED'", "trades",
           "exit_price"},
      Deed{"update trades set quote_time = quote_time + interval '1 us' where user_id = 2", "trades", "quote_time"},
      Deed{"delete from trades where user_id = 2 and status = 'STOP_LOSS_HIT'", "trades", ""},
      Deed{"update orders set realized_pnl = 1 where user_id = 2 and opens", "orders", "realized_pnl"},
      Deed{"delete from orders where user_id = 2 and not opens", "orders", ""},
      Deed{"update fills set quote_last = 1 where user_id = 2", "orders", "quote_last"},
      Deed{"delete from fills where user_id = 2", "orders", ""},
      Deed{"update transfers set amount = amount + 1 where user_id = 2 and account_seq = 2", "transfers", "amount"},
      Deed{"delete from transfers where user_id = 2 and account_seq = 3", "transfers", ""});
  Books books;
  const BooksFinding before = books.Compare();
  CHECK(before.events == 33);
  CHECK(before.differences.empty());
  books.Tamper(deed.sql);
  const BooksFinding found = books.Compare();
  INFO(deed.sql);
  if (std::string_view(deed.table).empty()) {
    CHECK(found.differences.empty());
  } else {
    REQUIRE_FALSE(found.differences.empty());
    CHECK(found.differences[0].user_id == 2);
    CHECK(found.differences[0].table == deed.table);
    CHECK(found.differences[0].column == deed.column);
  }
  REQUIRE_THAT(books.ledger().Repair({{0, 2}}), IsOk());
  const BooksFinding after = books.Compare();
  CHECK(after.differences.empty());
  CHECK(after.rows == before.rows);
  CHECK_FALSE(books.Check().fault);
  // The engine that was at work must not write what it believes over what was repaired.
  CHECK(absl::IsAborted(books.journal().Commit(books.batch())));
  CHECK_THAT(books.journal().TakeOver().status(), IsOk());
}

TEST_CASE("nothing is made again from a log that was tampered with") {
  Books books;
  books.Tamper("update events set payload = payload || '\\x00' where user_id = 2 and account_seq = 9");
  CHECK(books.Compare().differences.size() == 1);
  CHECK_FALSE(books.ledger().Repair({{0, 1}, {0, 2}}).ok());
  CHECK_THAT(books.journal().Commit(books.batch()), IsOk());  // nobody was fenced off
}

TEST_CASE("the database refuses figures that no transfer made, and transfers that no figure counts") {
  Books books;
  const auto violated = [&](const char* sql) { return pg::ViolatedConstraint(books.Try(sql)); };
  CHECK(violated("update accounts set available = available + 1, deposit = deposit + 1") ==
        "accounts_move_by_transfers");
  CHECK(violated("update accounts set last_seq = last_seq - 1") == "accounts_move_by_transfers");
  CHECK(
      violated("update accounts set utilized = utilized + 1, available = available - 1, last_seq = last_seq + 1 where "
               "user_id = 1") == "accounts_move_by_transfers");
  CHECK(violated("insert into accounts select 9, 'X', 5, 5, 0, 0, 'none', 'none', 0, 0, 0, 0, 1, now(), now()") ==
        "accounts_move_by_transfers");
  CHECK(violated("insert into transfers select user_id, 1, 2, 'cash', 'margin', 1, '', now() from accounts") ==
        "transfers_are_counted");
  CHECK_FALSE(books.Try("update transfers set amount = amount + 1").ok());
  CHECK_FALSE(books.Try("delete from transfers").ok());
  CHECK(books.Ask("select coalesce(sum(amount), 0) from entries") == "0.000000");
  CHECK(books.Ask("select count(*) from entries") == books.Ask("select 2 * count(*) from transfers"));
}

TEST_CASE("an account's statement is its transfers in order, page by page") {
  Books books;
  const auto all = books.ledger().Statement({0, 2}, 0, 0, 1'000);
  REQUIRE_THAT(all.status(), IsOk());
  CHECK(all->front().from == LedgerBook::kDeposit);
  std::vector<Transfer> paged;
  while (true) {
    const auto page = books.ledger().Statement({0, 2}, paged.empty() ? 0 : paged.back().account_seq,
                                               paged.empty() ? 0 : paged.back().line, 2);
    if (page->empty()) break;
    paged.insert(paged.end(), page->begin(), page->end());
  }
  REQUIRE(paged.size() == all->size());
  CHECK(books.ledger().Statement({1, 2}, 0, 0, 1'000)->empty());
}

}  // namespace
}  // namespace papertape::trade_engine
