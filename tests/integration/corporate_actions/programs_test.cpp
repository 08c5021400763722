// The programs themselves: market_data asks a fake Polygon, the trade engine is killed while it applies what it hears.
#include <set>
#include <string>

#include "fmt/format.h"
#include "libs/redis/redis.h"
#include "papertape/trade_engine/v1/events.pb.h"
#include "services/market_data/domain/corporate_action.h"
#include "tests/support/eventually.h"
#include "tests/support/market/fakes.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"
#include "tests/support/test_database.h"

namespace papertape {
namespace {

using namespace std::chrono_literals;
using testing::Eventually;
using testing::Process;

const std::string kSecret = "a secret of the suite, at least 32 bytes";

// AAPL paid a quarter two days ago and split 4 for 1 yesterday.
testing::Tape RecentTape() {
  const Timestamp today = std::chrono::floor<std::chrono::days>(SystemClock().Now());
  testing::Tape tape;
  tape.listings["AAPL"].name = "Apple Inc.";
  tape.listings["AAPL"].actions = {
      {.symbol = "AAPL", .ex_date = today - 48h, .what = market::Dividend{Price::FromMicros(250'000)}},
      {.symbol = "AAPL",
       .ex_date = today - 24h,
       .what = market::Split{Quantity::FromUnits(4), Quantity::FromUnits(1)}}};
  return tape;
}

struct Programs {
  testing::Tape tape = RecentTape();
  testing::FakePolygon polygon{tape};
  testing::FakeHttp http{[this](const testing::HttpAsk& ask) { return polygon.Answer(ask); }};
  testing::TestDatabase database;
  testing::TestRedis redis_database;
  redis::Client redis{{.url = redis_database.url()}};

  // Listening on a socket of the abstract kind, which leaves no file.
  [[nodiscard]] std::string Address(const char* service) const {
    return fmt::format("unix-abstract:papertape-{}-{}", database.name(), service);
  }
  std::unique_ptr<Process> Start(const char* program, const char* service) {
    auto process = std::make_unique<Process>(
        std::vector<std::string>{program},
        std::map<std::string, std::string>{{"DATABASE_URL", database.dsn()},
                                           {"REDIS_URL", redis_database.url()},
                                           {"SECRET_KEY", kSecret},
                                           {"PAPERTAPE_LISTEN", Address(service)},
                                           {"PAPERTAPE_MARKET_DATA_ADDRESS", Address("market")},
                                           {"POLYGON_API_KEY", testing::kFakeKey},
                                           {"PAPERTAPE_POLYGON_URL", http.url()},
                                           {"PAPERTAPE_POLYGON_PER_MINUTE", "0"}});
    REQUIRE(process->WaitForOutput("\"serving\"", 30s));
    return process;
  }
  std::unique_ptr<Process> StartEngine() { return Start(PAPERTAPE_TRADE_ENGINE_PROGRAM, "engine"); }
  std::string Ask(const std::string& what) { return database.Execute("select " + what); }
};

// An account that bought 10 at 500 five days ago, and another 20 which it sold an hour ago at 126. It is older than the
// event log, which the engine begins for it.
constexpr const char* kFiveDaysAgo =
    "insert into trade_engine.transfers (user_id, account_seq, line, from_book, to_book, amount, trade_id, created_at) "
    "values (7, 1, 1, 'deposit', 'cash', 100000, '', now()), (7, 2, 1, 'cash', 'margin', 1000, 'OPEN', now()), "
    "(7, 4, 1, 'cash', 'pnl', 7480, 'SOLD', now());"
    "insert into trade_engine.accounts (user_id, portfolio_id, deposit, available, utilized, realized_pnl, fee_model, "
    "slippage_model, total_trades, closed_trades, winning_trades, losing_trades, last_seq, created_at, updated_at) "
    "values (7, 'P', 100000, 91520, 1000, -7480, 'none', 'none', 2, 1, 0, 1, 4, now(), now());"
    "insert into trade_engine.trades (user_id, trade_id, symbol, side, quantity, entry_price, status, margin_used, "
    "fees, quote_source, quote_time, created_at, exit_price, exit_reason, pnl, closed_at) values "
    "(7, 'OPEN', 'AAPL', 'BUY', 10, 500, 'ACTIVE', 1000, 0, 'finnhub', now() - interval '5 days', "
    "now() - interval '5 days', null, null, null, null), "
    "(7, 'SOLD', 'AAPL', 'BUY', 20, 500, 'CLOSED', 0, 0, 'finnhub', now() - interval '5 days', "
    "now() - interval '5 days', 126, 'manual', -7480, now() - interval '1 hour');"
    "insert into trade_engine.orders (user_id, order_id, trade_id, symbol, side, opens, quantity, status, "
    "realized_pnl, created_at) values (7, 'O1', 'OPEN', 'AAPL', 'BUY', true, 10, 'EXECUTED', 0, now()), "
    "(7, 'O2', 'SOLD', 'AAPL', 'BUY', true, 20, 'EXECUTED', 0, now()), "
    "(7, 'O3', 'SOLD', 'AAPL', 'SELL', false, 20, 'EXECUTED', -7480, now());"
    "insert into trade_engine.fills (user_id, order_id, price, quantity, fee, quote_source, quote_time, quote_last) "
    "values (7, 'O1', 500, 10, 0, 'finnhub', now() - interval '5 days', 500), "
    "(7, 'O2', 500, 20, 0, 'finnhub', now() - interval '5 days', 500), "
    "(7, 'O3', 126, 20, 0, 'finnhub', now() - interval '1 hour', 126);";

TEST_CASE_METHOD(Programs,
                 "what Polygon tells reaches open and closed trades once, though the engine is killed at it") {
  StartEngine()->Kill();  // the tables are there
  database.Execute(kFiveDaysAgo);
  std::unique_ptr<Process> engine = StartEngine();
  const std::unique_ptr<Process> market = Start(PAPERTAPE_MARKET_DATA_PROGRAM, "market");
  REQUIRE(Eventually(30s, [&] { return Ask("count(*) from trade_engine.corporate_actions") != "0"; }));
  engine->Kill();
  engine = StartEngine();
  REQUIRE(Eventually(30s, [&] { return Ask("count(*) from trade_engine.adjustments") != "0"; }));
  engine->Kill();
  engine = StartEngine();
  const std::string settled = "count(*) from trade_engine.corporate_actions where settled_at is not null";
  REQUIRE(Eventually(30s, [&] { return Ask(settled) == "2"; }));
  engine->Kill();
  engine = StartEngine();

  CHECK(Ask("count(*) from trade_engine.adjustments") == "4");
  CHECK(
      Ask("concat(quantity, ' at ', entry_price, ' paid ', income) from trade_engine.trades where trade_id = 'OPEN'") ==
      "40.000000 at 125.000000 paid 2.500000");
  // 20 quarters, and 60 shares at 126 that the sale did not count.
  CHECK(Ask("pnl from trade_engine.trades where trade_id = 'SOLD'") == "85.000000");
  CHECK(
      Ask("concat(available, ' ', realized_pnl, ' ', winning_trades, ' ', losing_trades) from trade_engine.accounts") ==
      "99087.500000 87.500000 1 0");
  CHECK(Ask("count(*) from trade_engine.events e left join trade_engine.events p on (p.session, p.user_id, "
            "p.account_seq) = (e.session, e.user_id, e.account_seq - 1) "
            "where e.hash <> trade_engine.event_hash(p.hash, e)") == "0");
  // The account's first event in the log and the four adjustments are told to everybody: once, or again where the relay
  // died before it had written down how far it was.
  const auto told = [&] {
    std::set<std::string> ids;
    for (const redis::StreamEntry& entry : redis::ParseEntries(*redis.Run({"XRANGE", "events.trading", "-", "+"}))) {
      ids.insert(*entry.Find("id"));
    }
    return ids.size();
  };
  CHECK(Eventually(20s, [&] { return told() == 5; }));
}

}  // namespace
}  // namespace papertape
