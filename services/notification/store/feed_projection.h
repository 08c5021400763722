// Makes the feed of others' events: within the consumer's transaction it adds the entry and puts it into the
// outbox, from which it goes to the gateways. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/events/events.h"
#include "libs/pg/pool.h"
#include "services/notification/domain/feed.h"

namespace papertape::notification {

class FeedProjection {
 public:
  // An event in words; nothing for one that the feed does not tell, an error for one that cannot be read.
  using Reader = std::function<absl::StatusOr<std::optional<Draft>>(const events::Event&)>;
  // An entry as the gateways get it.
  using Writer = std::function<std::string(const Entry&, const std::optional<Alert>&)>;
  FeedProjection(Reader read, Writer write) : read_(std::move(read)), write_(std::move(write)) {}

  absl::Status Apply(pg::Transaction& transaction, const events::Event& event) const;

 private:
  const Reader read_;
  const Writer write_;
};

}  // namespace papertape::notification
