#include <atomic>
#include <thread>

#include "libs/idempotency/once.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::idempotency {
namespace {

using testing::HasReason;
using testing::IsOk;

// A table of effects beside the table of keys, in a schema of its own.
class Effects {
 public:
  Effects() {
    database_.Execute("create schema work");
    database_.Execute(
        "create table work.idempotency_keys (user_id bigint not null, key text not null, fingerprint text not null, "
        "answer bytea not null, created_at timestamptz not null default now(), "
        "constraint idempotency_keys_pkey primary key (user_id, key))");
    database_.Execute("create table work.effects (number bigint generated always as identity, what text not null)");
  }

  // Does `what` once for the key; the answer is the effect's text and number.
  absl::StatusOr<std::string> Do(const Key& key, const std::string& what, const absl::Status& outcome = {}) {
    const Repeatable<std::string> repeatable{.key = key,
                                             .encode = [](const std::string& result) { return result; },
                                             .decode = [](std::string_view bytes) { return std::string(bytes); }};
    absl::StatusOr<std::string> answer;
    const absl::Status committed = pool_.Transact([&](pg::Transaction& transaction) {
      answer = Once(transaction, repeatable, [&]() -> absl::StatusOr<std::string> {
        const pg::Rows rows =
            transaction.Exec("insert into effects (what) values ($1) returning what || ' ' || number", {what});
        if (!outcome.ok()) return outcome;
        return std::string(rows.Text(0, 0));
      });
      return answer.status();
    });
    if (!committed.ok()) return committed;
    return answer;
  }
  std::string Count() { return database_.Execute("select count(*) from work.effects"); }
  const testing::TestDatabase& database() { return database_; }

 private:
  const testing::TestDatabase database_;
  pg::Pool pool_{database_.Options("work")};
};

TEST_CASE("a repetition gets the first answer and has no effect") {
  Effects effects;
  const Key key{.user_id = 1, .text = "k", .fingerprint = "buy"};
  CHECK(*effects.Do(key, "buy") == "buy 1");
  CHECK(*effects.Do(key, "buy") == "buy 1");
  CHECK(effects.Count() == "1");
}

TEST_CASE("the same key for another request is a conflict, for another user another key") {
  Effects effects;
  REQUIRE_THAT(effects.Do({.user_id = 1, .text = "k", .fingerprint = "buy"}, "buy").status(), IsOk());
  CHECK_THAT(effects.Do({.user_id = 1, .text = "k", .fingerprint = "sell"}, "sell").status(),
             HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK(*effects.Do({.user_id = 2, .text = "k", .fingerprint = "sell"}, "sell") == "sell 2");
  CHECK(effects.Count() == "2");
}

TEST_CASE("without a key every request has its effect") {
  Effects effects;
  REQUIRE_THAT(effects.Do({.user_id = 1}, "buy").status(), IsOk());
  REQUIRE_THAT(effects.Do({.user_id = 1}, "buy").status(), IsOk());
  CHECK(effects.Count() == "2");
  CHECK(effects.database().Execute("select count(*) from work.idempotency_keys") == "0");
}

TEST_CASE("what was refused leaves neither effect nor answer and may be tried again") {
  Effects effects;
  const Key key{.user_id = 1, .text = "k", .fingerprint = "buy"};
  CHECK_THAT(effects.Do(key, "buy", Error(Reason::kQUOTE_STALE)).status(), HasReason(Reason::kQUOTE_STALE));
  CHECK(effects.Count() == "0");
  CHECK(effects.Do(key, "buy")->starts_with("buy "));
  CHECK(effects.Count() == "1");
}

TEST_CASE("an answer is kept for a day, then the key is free again and the old answers go") {
  Effects effects;
  const Key key{.user_id = 1, .text = "k", .fingerprint = "buy"};
  REQUIRE_THAT(effects.Do(key, "buy").status(), IsOk());
  REQUIRE_THAT(effects.Do({.user_id = 1, .text = "other", .fingerprint = "buy"}, "buy").status(), IsOk());
  effects.database().Execute(
      "update work.idempotency_keys set created_at = created_at - interval '23 hours 59 minutes'");
  CHECK(*effects.Do(key, "buy") == "buy 1");
  effects.database().Execute("update work.idempotency_keys set created_at = created_at - interval '2 minutes'");
  CHECK(*effects.Do({.user_id = 1, .text = "k", .fingerprint = "sell"}, "sell") == "sell 3");
  CHECK(effects.database().Execute("select string_agg(key, ',') from work.idempotency_keys") == "k");
}

TEST_CASE("of many twins at once one has the effect and all get its answer") {
  Effects effects;
  constexpr std::size_t kTwins = 6;
  std::vector<std::string> answers(kTwins);
  std::vector<std::thread> threads;
  for (std::string& answer : answers) {
    threads.emplace_back(
        [&] { answer = effects.Do({.user_id = 1, .text = "k", .fingerprint = "buy"}, "buy").value_or("refused"); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answers == std::vector<std::string>(kTwins, "buy 1"));
  CHECK(effects.Count() == "1");
}

TEST_CASE("an answer may hold any bytes") {
  Effects effects;
  const Key key{.user_id = 1, .text = "k", .fingerprint = "buy"};
  const std::string what = "\xC3\xA9 \x01\\x";
  const std::string first = *effects.Do(key, what);
  CHECK(*effects.Do(key, what) == first);
}

}  // namespace
}  // namespace papertape::idempotency
