// Corporate actions in PostgreSQL, and the outbox that tells the other services of them. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/split_quotes.h"

namespace papertape::market {

class PgActionStore : public ActionStore {
 public:
  // Turns an announcement into the message that goes to the outbox.
  struct Codec {
    std::string type;  // full name of the message
    std::function<std::string(const Announcement&)> encode;
  };
  // `told` is called after a commit that announced something.
  PgActionStore(pg::Pool& pool, IdSource& ids, Codec codec, std::function<void()> told)
      : pool_(pool), ids_(ids), codec_(std::move(codec)), told_(std::move(told)) {}

  absl::StatusOr<std::vector<KnownAction>> List(const std::string& symbol) override;
  absl::StatusOr<std::int64_t> Write(const std::string& symbol, const std::vector<CorporateAction>& actions,
                                     const std::string& source, Timestamp now) override;
  absl::StatusOr<std::optional<Instrument>> NextToAsk(Timestamp before) override;
  absl::Status MarkAsked(const std::string& symbol, Timestamp at) override;

  // The splits that were announced before their ex-dates began.
  absl::StatusOr<std::vector<AnnouncedSplit>> Announced();
  // Tells a session of the past of what is recorded from after the day `first` up to and including the day `last`; how
  // many. Telling it again changes nothing.
  absl::StatusOr<std::int64_t> AnnounceTo(std::int64_t session, Timestamp first, Timestamp last, Timestamp now);

 private:
  std::int64_t AnnounceNews(pg::Transaction& transaction, const std::string& symbol, Timestamp now);
  void AppendEvents(pg::Transaction& transaction, const std::vector<Announcement>& announcements, Timestamp now);

  pg::Pool& pool_;
  IdSource& ids_;
  const Codec codec_;
  const std::function<void()> told_;
};

}  // namespace papertape::market
