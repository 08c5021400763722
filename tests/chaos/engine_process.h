// The trade engine as a process of its own, to be killed and started again. Its state is in the test's database and
// Redis only. Thread-safe but for Start and Kill, which one thread calls.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "tests/support/process.h"
#include "tests/support/test_database.h"

namespace papertape::chaos {

inline constexpr const char* kSecretKey = "a secret of the chaos tests, long enough to sign with";

class EngineProcess {
 public:
  EngineProcess(const testing::TestDatabase& database, const testing::TestRedis& redis);
  ~EngineProcess();
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;

  // Answers when it serves. A process that ends because its database is away is started again, as whatever supervises
  // it would; false when that does not help within a minute.
  bool Start();
  // SIGKILL.
  void Kill();
  // A connection that tries again quickly, as the engine comes and goes.
  [[nodiscard]] std::shared_ptr<grpc::Channel> Connect() const;
  // What the running process has logged, for a test that fails.
  [[nodiscard]] std::string Log() const { return process_ ? process_->Output() : ""; }

 private:
  void Spawn();

  const std::string directory_, address_;
  const std::map<std::string, std::string> environment_;
  std::unique_ptr<testing::Process> process_;
};

// Kills PostgreSQL, all its processes, and has it started again (tests/support/with_servers).
void KillPostgres();

}  // namespace papertape::chaos
