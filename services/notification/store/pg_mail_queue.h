// The mail queue in PostgreSQL: the table `mails`. Address, subject and text are sealed while they wait and erased
// afterwards. Several processes may take from it: each mail goes to one of them. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "libs/seal/seal.h"
#include "services/notification/domain/mail.h"

namespace papertape::notification {

class PgMailQueue final : public MailQueue {
 public:
  PgMailQueue(pg::Pool& pool, const Sealer& sealer) : pool_(pool), sealer_(sealer) {}
  absl::StatusOr<bool> Add(const Mail& mail, Timestamp now) override;
  absl::StatusOr<std::optional<DueMail>> TakeDue(Timestamp now, Timestamp lease_end) override;
  absl::Status MarkSent(std::string_view id, Timestamp now) override;
  absl::Status MarkFailed(std::string_view id, Timestamp now, std::string_view why) override;
  absl::Status TryAgain(std::string_view id, Timestamp at, std::string_view why) override;
  absl::Status Erase(Timestamp time) override;

 private:
  absl::StatusOr<Mail> Unseal(const DueMail& due, std::string_view sealed) const;
  absl::Status Run(std::string_view sql, const std::vector<pg::Param>& params);

  pg::Pool& pool_;
  const Sealer& sealer_;
};

}  // namespace papertape::notification
