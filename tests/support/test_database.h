// A PostgreSQL database and a Redis database of a test's own, on the servers that DATABASE_URL and REDIS_URL name
// (tests/support/with_servers starts them). Without them the test fails and says how to run it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"

namespace papertape::testing {

// Fails the running test when the variable is not set.
std::string ServerUrl(const char* variable);

// Made empty, dropped at the end, sessions and all.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] const std::string& dsn() const { return dsn_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Options for a pool on `schema`; Migrated makes the schema.
  [[nodiscard]] pg::PoolOptions Options(std::string schema) const;
  // Applies the migrations to `schema` and answers a pool on it. Fails the test when they do not apply.
  [[nodiscard]] std::unique_ptr<pg::Pool> Migrated(const std::string& schema,
                                                   const std::vector<pg::Migration>& migrations) const;
  // Runs SQL of the test's own as the superuser, outside any transaction; fails the test when PostgreSQL refuses it.
  // Answers the first column of the first row, if there is one.
  std::string Execute(const std::string& sql) const;
  // Ends every session of this database, as an administrator or a crash would, and waits until they are gone.
  void CutSessions() const;

 private:
  std::string server_, name_, dsn_;
};

// A logical database of the Redis, empty at first and at the end. Streams have fixed names, so each test needs its own.
class TestRedis {
 public:
  TestRedis();
  ~TestRedis();
  TestRedis(const TestRedis&) = delete;
  TestRedis& operator=(const TestRedis&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  // Whether a client of this logical database waits in a blocking command.
  [[nodiscard]] bool HasBlockedClient() const;
  // Cuts the connections of this logical database; others of the server are not ours to cut.
  void CutClients() const;

 private:
  // "id=7 ... db=3 ... flags=b ...", one for each client of this logical database.
  [[nodiscard]] std::vector<std::string> Clients() const;

  std::string server_;
  int number_ = 0;
  std::string url_;
};

}  // namespace papertape::testing
