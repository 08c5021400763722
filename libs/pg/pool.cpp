#include "libs/pg/pool.h"

#include "libs/lending/lending_pool.h"
#include "libs/log/log.h"
#include "libs/pg/connection_string.h"
#include "libs/pg/session.h"
#include "libs/status/status.h"

namespace papertape::pg {
namespace {

constexpr int kTries = 4;

}  // namespace

class Pool::Impl {
 public:
  explicit Impl(PoolOptions options)
      : options_(std::move(options)),
        connection_string_(ConnectionString(options_.dsn, {.schema = options_.schema,
                                                           .statement_timeout = options_.statement_timeout,
                                                           .connect_timeout = options_.wait})),
        sessions_(options_.connections) {}

  absl::Status Run(Access access, const Session::Work& work) {
    PT_RETURN_IF_ERROR(connection_string_.status());
    auto loan = sessions_.Borrow(options_.wait);
    if (!loan) {
      log::Warning("no database connection came free in time", {{"connections", options_.connections}});
      return Error(Reason::kUNAVAILABLE, "Every database connection is busy; try again shortly.");
    }
    return RunOn(loan->thing, access, work);
  }

 private:
  // `session` may be null, and is null afterwards when its connection is lost.
  absl::Status RunOn(std::unique_ptr<Session>& session, Access access, const Session::Work& work) {
    Failure failure;
    for (int tries = 1; tries <= kTries; ++tries) {
      const bool rested = session != nullptr;
      if (!rested) session = Session::Open(*connection_string_, failure);
      if (!session) return failure.status;
      bool started = false;
      failure = session->Attempt(access, work, started);
      if (failure.remedy == Remedy::kNone) return failure.status;
      if (failure.remedy == Remedy::kReconnect) session.reset();
      // A connection that died while it rested is replaced without anybody noticing: nothing was asked of it yet.
      if (failure.remedy == Remedy::kReconnect && (started || !rested)) return failure.status;
    }
    return failure.status;
  }

  const PoolOptions options_;
  const absl::StatusOr<std::string> connection_string_;
  LendingPool<Session> sessions_;
};

Pool::Pool(PoolOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Pool::~Pool() = default;

absl::Status Pool::Transact(const std::function<absl::Status(Transaction&)>& work) {
  return impl_->Run(Access::kReadWrite, work);
}

absl::Status Pool::Read(const std::function<absl::Status(Transaction&)>& work) {
  return impl_->Run(Access::kReadOnly, work);
}

absl::Status Pool::Ping() {
  return Read([](Transaction& transaction) {
    transaction.Exec("select 1");
    return absl::OkStatus();
  });
}

}  // namespace papertape::pg
