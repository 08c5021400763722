#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include "libs/pg/pool.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::pg {
namespace {

using namespace std::chrono_literals;
using testing::HasReason;
using testing::IsOk;
using testing::TestDatabase;

absl::Status Run(Pool& pool, std::string_view sql, const std::vector<Param>& params = {}) {
  return pool.Transact([&](Transaction& transaction) {
    transaction.Exec(sql, params);
    return absl::OkStatus();
  });
}

std::int64_t BackendOf(Transaction& transaction) { return transaction.Exec("select pg_backend_pid()").Int(0, 0); }

void Terminate(const TestDatabase& database, std::int64_t backend) {
  database.Execute("select pg_terminate_backend(" + std::to_string(backend) + ", 10000)");
}

}  // namespace

TEST_CASE("work that answers OK is committed, any other is rolled back") {
  const TestDatabase database;
  database.Execute("create table things (id bigint primary key)");
  Pool pool(database.Options("public"));
  REQUIRE_THAT(Run(pool, "insert into things values (1)"), IsOk());
  const absl::Status refused = pool.Transact([](Transaction& transaction) {
    transaction.Exec("insert into things values (2)");
    return Error(Reason::kINSUFFICIENT_MARGIN);
  });
  CHECK_THAT(refused, HasReason(Reason::kINSUFFICIENT_MARGIN));
  CHECK(database.Execute("select string_agg(id::text, ',') from things") == "1");
}

TEST_CASE("connections work in their schema and carry its name") {
  const TestDatabase database;
  database.Execute("create schema \"odd name\"; create table \"odd name\".here (id int)");
  Pool pool(database.Options("odd name"));
  REQUIRE_THAT(pool.Read([](Transaction& transaction) {
    const Rows rows = transaction.Exec("select count(*), current_setting('application_name') from here");
    CHECK(rows.Text(0, 1) == "odd name");
    return absl::OkStatus();
  }),
               IsOk());
}

TEST_CASE("reads write nothing and see one snapshot") {
  const TestDatabase database;
  database.Execute("create table things (id bigint)");
  Pool pool(database.Options("public"));
  const absl::Status status = pool.Read([&](Transaction& transaction) {
    CHECK(transaction.Exec("select count(*) from things").Int(0, 0) == 0);
    database.Execute("insert into things values (1)");
    CHECK(transaction.Exec("select count(*) from things").Int(0, 0) == 0);
    transaction.Exec("insert into things values (2)");
    return absl::OkStatus();
  });
  CHECK_THAT(status, HasReason(Reason::kINTERNAL));
  CHECK(database.Execute("select count(*) from things") == "1");
}

TEST_CASE("violated constraints are named") {
  const TestDatabase database;
  database.Execute(
      "create table users (id bigint primary key, email text constraint users_email_key unique, age int constraint "
      "users_age_check check (age > 0), parent bigint constraint users_parent_fkey references users)");
  Pool pool(database.Options("public"));
  REQUIRE_THAT(Run(pool, "insert into users values (1, 'a@b.c', 5)"), IsOk());
  const absl::Status twice = Run(pool, "insert into users values (2, 'a@b.c', 5)");
  CHECK(twice.code() == absl::StatusCode::kAlreadyExists);
  CHECK(ViolatedConstraint(twice) == "users_email_key");
  CHECK(MessageOf(twice).find("a@b.c") == std::string_view::npos);
  const absl::Status unborn = Run(pool, "insert into users values (3, 'd', -1)");
  CHECK(unborn.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ViolatedConstraint(unborn) == "users_age_check");
  const absl::Status orphan = Run(pool, "insert into users values (3, 'd', 1, 99)");
  CHECK(orphan.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ViolatedConstraint(orphan) == "users_parent_fkey");
  CHECK(ViolatedConstraint(absl::OkStatus()).empty());
}

TEST_CASE("what PostgreSQL refuses is told without its words") {
  const TestDatabase database;
  Pool pool(database.Options("public"));
  const absl::Status status = Run(pool, "select secret from nowhere");
  CHECK_THAT(status, HasReason(Reason::kINTERNAL));
  CHECK(MessageOf(status).find("nowhere") == std::string_view::npos);
  CHECK_THAT(Run(pool, "select $1::text", {std::string("a\0b", 3)}), HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(Run(pool, "select $1::text", {"\xff"}), HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(Run(pool, "select $1::numeric(20,6)", {"1e14"}), HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
  CHECK_THAT(pool.Ping(), IsOk());
}

TEST_CASE("an exception of the work's own is a bug and comes through, and the pool stays whole") {
  const TestDatabase database;
  database.Execute("create table things (id bigint)");
  auto options = database.Options("public");
  options.connections = 1;
  Pool pool(options);
  const auto throwing = [](Transaction& transaction) -> absl::Status {
    transaction.Exec("insert into things values (1)");
    throw std::logic_error("bug");
  };
  CHECK_THROWS_AS(pool.Transact(throwing), std::logic_error);
  CHECK_THAT(pool.Ping(), IsOk());
  CHECK(database.Execute("select count(*) from things") == "0");
}

TEST_CASE("no more connections than allowed, and who waits too long is told so") {
  const TestDatabase database;
  auto options = database.Options("public");
  options.connections = 2;
  options.wait = 200ms;
  Pool pool(options);
  std::latch busy(2);
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::vector<std::thread> holders;
  for (int i = 0; i < 2; ++i) {
    holders.emplace_back([&] {
      pool.Read([&](Transaction& transaction) {
            transaction.Exec("select 1");
            busy.count_down();
            released.wait();
            return absl::OkStatus();
          })
          .IgnoreError();
    });
  }
  busy.wait();
  CHECK_THAT(pool.Ping(), HasReason(Reason::kUNAVAILABLE));
  CHECK(
      database.Execute(
          "select count(*) from pg_stat_activity where application_name = 'public' and datname = current_database()") ==
      "2");
  release.set_value();
  for (std::thread& holder : holders) holder.join();
  CHECK_THAT(pool.Ping(), IsOk());
}

TEST_CASE("a statement that takes too long is stopped by the server") {
  const TestDatabase database;
  auto options = database.Options("public");
  options.statement_timeout = 50ms;
  Pool pool(options);
  CHECK_THAT(Run(pool, "select pg_sleep(60)"), HasReason(Reason::kDEADLINE_EXCEEDED));
  CHECK_THAT(pool.Ping(), IsOk());
}

TEST_CASE("transactions that collide run again until all are done") {
  const TestDatabase database;
  database.Execute("create table counter (n bigint); insert into counter values (0)");
  Pool pool(database.Options("public"));
  std::atomic<int> tries = 0;
  std::latch both_read(2);
  const auto add_one = [&] {
    bool first = true;
    return pool.Transact([&](Transaction& transaction) {
      ++tries;
      transaction.Exec("set transaction isolation level serializable");
      const std::int64_t n = transaction.Exec("select n from counter").Int(0, 0);
      if (std::exchange(first, false)) both_read.arrive_and_wait();
      transaction.Exec("update counter set n = $1", {n + 1});
      return absl::OkStatus();
    });
  };
  absl::Status others;
  std::thread other([&] { others = add_one(); });
  CHECK_THAT(add_one(), IsOk());
  other.join();
  CHECK_THAT(others, IsOk());
  CHECK(database.Execute("select n from counter") == "2");
  CHECK(tries == 3);
}

TEST_CASE("a transaction that collides every time is given up after four tries") {
  const TestDatabase database;
  Pool pool(database.Options("public"));
  int tries = 0;
  const absl::Status status = pool.Transact([&](Transaction& transaction) {
    ++tries;
    transaction.Exec("do $$ begin raise exception 'collision' using errcode = '40001'; end $$");
    return absl::OkStatus();
  });
  CHECK_THAT(status, HasReason(Reason::kCONFLICT));
  CHECK(tries == 4);
}

TEST_CASE("a backend killed in the middle of a transaction is UNAVAILABLE, once, and undoes all") {
  const TestDatabase database;
  database.Execute("create table things (id bigint)");
  Pool pool(database.Options("public"));
  int runs = 0;
  const absl::Status status = pool.Transact([&](Transaction& transaction) {
    ++runs;
    transaction.Exec("insert into things values (1)");
    Terminate(database, BackendOf(transaction));
    transaction.Exec("insert into things values (2)");
    return absl::OkStatus();
  });
  CHECK_THAT(status, HasReason(Reason::kUNAVAILABLE));
  CHECK(runs == 1);
  CHECK_THAT(Run(pool, "insert into things values (3)"), IsOk());
  CHECK(database.Execute("select string_agg(id::text, ',') from things") == "3");
}

TEST_CASE("a backend killed before COMMIT leaves the caller in doubt, not with a success") {
  const TestDatabase database;
  database.Execute("create table things (id bigint)");
  Pool pool(database.Options("public"));
  const absl::Status status = pool.Transact([&](Transaction& transaction) {
    transaction.Exec("insert into things values (1)");
    Terminate(database, BackendOf(transaction));
    return absl::OkStatus();
  });
  CHECK_THAT(status, HasReason(Reason::kUNAVAILABLE));
  CHECK(database.Execute("select count(*) from things") == "0");
  CHECK_THAT(pool.Ping(), IsOk());
}

TEST_CASE("connections that died while resting are replaced unnoticed, prepared statements too") {
  const TestDatabase database;
  Pool pool(database.Options("public"));
  for (int i = 0; i < 3; ++i) {
    std::int64_t backend = 0;
    REQUIRE_THAT(pool.Read([&](Transaction& transaction) {
      backend = BackendOf(transaction);
      CHECK(transaction.Exec("select $1::int + 1", {i}).Int(0, 0) == i + 1);
      return absl::OkStatus();
    }),
                 IsOk());
    Terminate(database, backend);
  }
}

TEST_CASE("statements are prepared once a connection, and values pasted into SQL do not fill the server") {
  const TestDatabase database;
  auto options = database.Options("public");
  options.connections = 1;
  Pool pool(options);
  const auto prepared = [&](Transaction& transaction) {
    return transaction.Exec("select count(*) from pg_prepared_statements").Int(0, 0);
  };
  REQUIRE_THAT(pool.Read([&](Transaction& transaction) {
    for (int i = 0; i < 10; ++i) CHECK(transaction.Exec("select $1::int", {i}).Int(0, 0) == i);
    CHECK(prepared(transaction) == 2);
    for (int i = 0; i < 600; ++i) CHECK(transaction.Exec("select " + std::to_string(i)).Int(0, 0) == i);
    CHECK(prepared(transaction) == 512);
    return absl::OkStatus();
  }),
               IsOk());
}

TEST_CASE("a server that is not there is UNAVAILABLE, and a DSN that cannot be read says so without itself") {
  Pool nowhere({.dsn = "postgresql://127.0.0.1:1/none", .schema = "public", .connections = 1, .wait = 100ms});
  CHECK_THAT(nowhere.Ping(), HasReason(Reason::kUNAVAILABLE));
  Pool unreadable({.dsn = "postgresql://user:secret@[", .schema = "public", .connections = 1});
  const absl::Status status = unreadable.Ping();
  CHECK_THAT(status, HasReason(Reason::kINVALID_ARGUMENT));
  CHECK(MessageOf(status).find("secret") == std::string_view::npos);
}

}  // namespace papertape::pg
