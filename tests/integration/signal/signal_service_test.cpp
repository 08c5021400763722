#include "services/signal/rpc/signal_service.h"

#include "migrations/signal_store.h"
#include "services/signal/rpc/formula_service.h"
#include "services/signal/store/pg_catalog.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::signal {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::NamesField;

constexpr std::int64_t kReader = 7;

// signal as wiring.cpp builds it.
class SignalUnderTest {
 public:
  SignalUnderTest() { server_.Start({&signals_, &formulas_}); }

  absl::Status ListSignals(const v1::ListSignalsRequest& request, v1::ListSignalsReply& reply) {
    return testing::CallWith(server_.TokenFor(kReader), [&](grpc::ClientContext& context) {
      return v1::SignalService::NewStub(server_.channel())->ListSignals(&context, request, &reply);
    });
  }
  absl::Status ListFormulas(const v1::ListFormulasRequest& request, v1::ListFormulasReply& reply) {
    return testing::CallWith(server_.TokenFor(kReader), [&](grpc::ClientContext& context) {
      return v1::FormulaService::NewStub(server_.channel())->ListFormulas(&context, request, &reply);
    });
  }
  testing::RpcServer& server() { return server_; }
  const testing::TestDatabase& database() { return database_; }

 private:
  const testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("signal", signal_store::Migrations());
  PgCatalog catalog_{*pool_};
  testing::RpcServer server_;
  SignalService signals_{server_.gate(), catalog_};
  FormulaService formulas_{server_.gate(), catalog_};
};

std::vector<std::string> Names(const v1::ListFormulasReply& reply) {
  std::vector<std::string> names;
  for (const v1::Formula& formula : reply.formulas()) names.push_back(formula.name());
  return names;
}

TEST_CASE("the lists of a new installation are empty pages") {
  SignalUnderTest signal;
  v1::ListSignalsReply signals;
  REQUIRE_THAT(signal.ListSignals({}, signals), IsOk());
  CHECK(signals.signals_size() == 0);
  CHECK(signals.total() == 0);
  CHECK(signals.page() == 1);
  CHECK(signals.size() == 20);
  CHECK(signals.total_pages() == 0);
  v1::ListFormulasReply formulas;
  REQUIRE_THAT(signal.ListFormulas({}, formulas), IsOk());
  CHECK(formulas.formulas_size() == 0);
  CHECK(formulas.total() == 0);
}

TEST_CASE("signals are listed newest first, by symbol, by action and in pages") {
  SignalUnderTest signal;
  signal.database().Execute(
      "insert into signal.signals (symbol, action, confidence, entry_price, target_price, source, generated_at) values "
      "('AAPL', 'BUY', 0.75, 150.123456, 160, 'ml', '2026-01-01T00:00:00Z'), "
      "('AAPL', 'HOLD', 0.5, 151, null, 'formula', '2026-01-02T00:00:00Z'), "
      "('MSFT', 'BUY', 0.25, 300, null, 'ml', '2026-01-03T00:00:00Z')");
  v1::ListSignalsRequest request;
  v1::ListSignalsReply reply;
  request.set_size(2);
  request.set_page(2);
  REQUIRE_THAT(signal.ListSignals(request, reply), IsOk());
  CHECK(reply.total() == 3);
  CHECK(reply.total_pages() == 2);
  REQUIRE(reply.signals_size() == 1);
  const v1::Signal& oldest = reply.signals(0);
  CHECK(oldest.symbol() == "AAPL");
  CHECK(oldest.action() == "BUY");
  CHECK(oldest.confidence() == 0.75);
  CHECK(oldest.entry_price().micros() == 150'123'456);
  CHECK(oldest.target_price().micros() == 160'000'000);
  CHECK_FALSE(oldest.has_stop_loss());
  CHECK(oldest.source() == "ml");
  CHECK(oldest.generated_at().seconds() == 1'767'225'600);

  request = v1::ListSignalsRequest();
  request.set_symbol("AAPL");
  request.set_action("HOLD");
  REQUIRE_THAT(signal.ListSignals(request, reply), IsOk());
  CHECK(reply.total() == 1);
  CHECK(reply.signals(0).entry_price().micros() == 151'000'000);
}

TEST_CASE("an action that is none is refused by name") {
  SignalUnderTest signal;
  v1::ListSignalsRequest request;
  request.set_action("SHORT");
  v1::ListSignalsReply reply;
  CHECK_THAT(signal.ListSignals(request, reply), NamesField("action"));
}

TEST_CASE("a reader sees public formulas and their own, and finds them by category and words") {
  SignalUnderTest signal;
  signal.database().Execute(
      "insert into signal.formulas (author_id, name, description, formula_code, category, tags, is_public, created_at) "
      "values (7, 'Mine', 'RSI below 30%', 'x', 'technical', '{rsi,oversold}', false, '2026-01-01T00:00:00Z'), "
      "(8, 'Theirs', null, 'x', 'technical', '{}', true, '2026-01-02T00:00:00Z'), "
      "(8, 'Hidden', 'RSI', 'x', 'technical', '{}', false, '2026-01-03T00:00:00Z'), "
      "(8, 'Other', 'rsi', 'x', 'fundamental', '{}', true, '2026-01-04T00:00:00Z')");
  v1::ListFormulasRequest request;
  v1::ListFormulasReply reply;
  REQUIRE_THAT(signal.ListFormulas(request, reply), IsOk());
  CHECK(Names(reply) == std::vector<std::string>{"Other", "Theirs", "Mine"});
  CHECK(reply.total() == 3);
  const v1::Formula& mine = reply.formulas(2);
  CHECK(std::vector<std::string>(mine.tags().begin(), mine.tags().end()) ==
        std::vector<std::string>{"rsi", "oversold"});
  CHECK_FALSE(mine.is_public());
  CHECK(mine.author_id() == 7);
  CHECK_FALSE(reply.formulas(1).has_description());
  CHECK(reply.formulas(1).tags_size() == 0);

  request.set_category("technical");
  request.set_search("rsi");
  REQUIRE_THAT(signal.ListFormulas(request, reply), IsOk());
  CHECK(Names(reply) == std::vector<std::string>{"Mine"});
  request.set_search("30%");
  REQUIRE_THAT(signal.ListFormulas(request, reply), IsOk());
  CHECK(Names(reply) == std::vector<std::string>{"Mine"});
  request.set_search("%");  // a sign, not a wildcard
  request.set_category("fundamental");
  REQUIRE_THAT(signal.ListFormulas(request, reply), IsOk());
  CHECK(reply.total() == 0);
}

TEST_CASE("lists are for users who are signed in") {
  SignalUnderTest signal;
  v1::ListSignalsReply reply;
  const absl::Status status = testing::CallWith("", [&](grpc::ClientContext& context) {
    return v1::SignalService::NewStub(signal.server().channel())->ListSignals(&context, {}, &reply);
  });
  CHECK_THAT(status, HasReason(Reason::kUNAUTHENTICATED));
}

}  // namespace
}  // namespace papertape::signal
