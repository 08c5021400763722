#include "tests/support/test_database.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "fmt/format.h"
#include "libs/ids/ids.h"
#include "libs/redis/redis.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::testing {
namespace {

constexpr int kRedisDatabases = 1024;  // as with_servers starts it

// The URL with another database: what stands between the last slash of the address and the query.
std::string WithDatabase(const std::string& url, const std::string& database) {
  const std::size_t query = std::min(url.find('?'), url.size());
  const std::size_t host = url.find("://") + 3;
  const std::size_t slash = std::min(url.find('/', host), query);
  return url.substr(0, slash) + "/" + database + url.substr(query);
}

// Empty and `error` set when PostgreSQL refuses.
std::string RunSql(const std::string& dsn, const std::string& sql, std::string& error) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(dsn.c_str()), &PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) error = PQerrorMessage(connection.get());
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string ClaimKey(int number) { return fmt::format("test database {}", number); }

}  // namespace

std::string ServerUrl(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') {
    FAIL(variable << " is not set: run integration tests through `./papertape test`, or one program through "
                     "`tests/support/with_servers <program>`");
  }
  return value;
}

TestDatabase::TestDatabase()
    : server_(ServerUrl("DATABASE_URL")),
      name_(fmt::format("test_{}_{}", getpid(), RandomHex(SystemRandom(), 4))),
      dsn_(WithDatabase(server_, name_)) {
  std::string error;
  RunSql(server_, "create database " + name_, error);
  if (!error.empty()) FAIL("cannot create the test's database: " << error);
}

TestDatabase::~TestDatabase() {
  std::string error;  // the server goes away with what could not be dropped
  RunSql(server_, "drop database if exists " + name_ + " with (force)", error);
}

pg::PoolOptions TestDatabase::Options(std::string schema) const {
  return {.dsn = dsn_, .schema = std::move(schema), .connections = 4};
}

std::unique_ptr<pg::Pool> TestDatabase::Migrated(const std::string& schema,
                                                 const std::vector<pg::Migration>& migrations) const {
  const auto versions = pg::MigrateUp({.dsn = dsn_, .schema = schema, .migrations = migrations});
  REQUIRE_THAT(versions.status(), IsOk());
  return std::make_unique<pg::Pool>(Options(schema));
}

std::string TestDatabase::Execute(const std::string& sql) const {
  std::string error;
  std::string answer = RunSql(dsn_, sql, error);
  if (!error.empty()) FAIL("PostgreSQL refused `" << sql << "`: " << error);
  return answer;
}

void TestDatabase::CutSessions() const {
  Execute(
      "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> "
      "pg_backend_pid()");
}

TestRedis::TestRedis() : server_(WithDatabase(ServerUrl("REDIS_URL"), "0")) {
  redis::Client claims({.url = server_, .connections = 1});
  for (int number = 1; number < kRedisDatabases && number_ == 0; ++number) {
    const auto claimed = claims.Run({"SET", ClaimKey(number), std::to_string(getpid()), "NX"});
    REQUIRE_THAT(claimed.status(), IsOk());
    if (claimed->kind == redis::Reply::Kind::kText) number_ = number;
  }
  if (number_ == 0) FAIL("every logical database of the test's Redis is in use");
  url_ = WithDatabase(server_, std::to_string(number_));
  redis::Client own({.url = url_, .connections = 1});
  REQUIRE_THAT(own.Run({"FLUSHDB"}).status(), IsOk());
}

TestRedis::~TestRedis() {
  redis::Client own({.url = url_, .connections = 1});
  // Flushed before the claim is given up; without an answer both are left to the server's end.
  if (!own.Run({"FLUSHDB"}).ok()) return;
  redis::Client claims({.url = server_, .connections = 1});
  if (!claims.Run({"DEL", ClaimKey(number_)}).ok()) return;
}

std::vector<std::string> TestRedis::Clients() const {
  redis::Client watcher({.url = server_, .connections = 1});
  const auto list = watcher.Run({"CLIENT", "LIST"});
  REQUIRE_THAT(list.status(), IsOk());
  std::vector<std::string> ours;
  std::istringstream lines(list->text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(fmt::format(" db={} ", number_)) != std::string::npos) ours.push_back(line);
  }
  return ours;
}

bool TestRedis::HasBlockedClient() const {
  const std::vector<std::string> clients = Clients();
  return std::any_of(clients.begin(), clients.end(),
                     [](const std::string& client) { return client.find(" flags=b ") != std::string::npos; });
}

void TestRedis::CutClients() const {
  redis::Client killer({.url = server_, .connections = 1});
  for (const std::string& client : Clients()) {
    const std::string id = client.substr(3, client.find(' ') - 3);
    // One that has left meanwhile is refused, which is as good.
    killer.Run({"CLIENT", "KILL", "ID", id}).status().IgnoreError();
  }
}

}  // namespace papertape::testing
