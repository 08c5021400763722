#include "services/market_data/store/pg_action_store.h"

#include "libs/events/events.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

// An action that is older than this when it becomes known reaches no position.
constexpr std::chrono::days kStillNews{7};

constexpr std::string_view kList =
    "select a.ex_date, a.kind, a.numerator, a.denominator, a.amount, "
    "(select b.close from bars b where b.symbol = a.symbol and b.span = '1d' and b.time < a.ex_date "
    "order by b.time desc limit 1) "
    "from corporate_actions a where a.symbol = $1 and not a.withdrawn order by a.ex_date, a.kind desc";
constexpr std::string_view kWrite =
    "insert into corporate_actions as known (symbol, ex_date, kind, numerator, denominator, amount, source) "
    "values ($1, $2, $3, $4, $5, $6, $7) on conflict (symbol, ex_date, kind) do update set "
    "numerator = excluded.numerator, denominator = excluded.denominator, amount = excluded.amount, "
    "source = excluded.source, recorded_at = now(), withdrawn = false, revision = known.revision + 1 "
    "where known.withdrawn or (known.numerator, known.denominator, known.amount) "
    "is distinct from (excluded.numerator, excluded.denominator, excluded.amount)";
constexpr std::string_view kWithdraw =
    "update corporate_actions set withdrawn = true, recorded_at = now(), revision = revision + 1 "
    "where symbol = $1 and source = $2 and ex_date > $3 and not withdrawn "
    "and (ex_date, kind) not in (select * from unnest($4::timestamptz[], $5::text[]))";
constexpr std::string_view kAnnounced =
    "select a.symbol, a.ex_date, a.kind, a.numerator, a.denominator, a.amount, coalesce(i.exchange, ''), a.source, "
    "a.revision, a.withdrawn, a.foretold from corporate_actions a left join instruments i on i.symbol = a.symbol ";
constexpr std::string_view kNext =
    "select i.symbol, i.name, i.exchange, i.currency from instruments i "
    "left join corporate_actions_asked a on a.symbol = i.symbol "
    "where i.active and not i.is_index and (a.asked_at is null or a.asked_at < $1) "
    "order by a.asked_at nulls first, i.symbol limit 1";

const char* KindOf(const CorporateAction& action) {
  return std::holds_alternative<Split>(action.what) ? "split" : "dividend";
}

// Of the columns kind, numerator, denominator and amount from `first` on.
std::variant<Split, Dividend> TermsAt(const pg::Rows& rows, std::size_t row, int first) {
  if (rows.Text(row, first) == "split") {
    return Split{.numerator = rows.Exact<Quantity>(row, first + 1),
                 .denominator = rows.Exact<Quantity>(row, first + 2)};
  }
  return Dividend{rows.Exact<Price>(row, first + 3)};
}

Announcement AnnouncementAt(const pg::Rows& rows, std::size_t row) {
  return {
      .action = {.symbol = std::string(rows.Text(row, 0)), .ex_date = rows.Time(row, 1), .what = TermsAt(rows, row, 2)},
      .exchange = std::string(rows.Text(row, 6)),
      .source = std::string(rows.Text(row, 7)),
      .revision = rows.Int(row, 8),
      .withdrawn = rows.Bool(row, 9),
      .foretold = rows.Bool(row, 10)};
}

// 1 when it is new, or was not as it is.
std::int64_t WriteOne(pg::Transaction& transaction, const std::string& symbol, const CorporateAction& action,
                      const std::string& source) {
  std::optional<Quantity> numerator;
  std::optional<Quantity> denominator;
  std::optional<Price> amount;
  if (const auto* const split = std::get_if<Split>(&action.what)) {
    numerator = split->numerator;
    denominator = split->denominator;
  } else {
    amount = std::get<Dividend>(action.what).amount;
  }
  return transaction.Exec(kWrite, {symbol, action.ex_date, KindOf(action), numerator, denominator, amount, source})
      .affected();
}

}  // namespace

absl::StatusOr<std::vector<KnownAction>> PgActionStore::List(const std::string& symbol) {
  std::vector<KnownAction> actions;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(kList, {symbol});
    actions.clear();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      actions.push_back({.action = {.symbol = symbol, .ex_date = rows.Time(row, 0), .what = TermsAt(rows, row, 1)},
                         .close_before = rows.OptionalExact<Price>(row, 5)});
    }
    return absl::OkStatus();
  }));
  return actions;
}

absl::StatusOr<std::int64_t> PgActionStore::Write(const std::string& symbol,
                                                  const std::vector<CorporateAction>& actions,
                                                  const std::string& source, Timestamp now) {
  std::int64_t changed = 0;
  std::int64_t announced = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    changed = 0;
    pg::ArrayParam days, kinds;
    for (const CorporateAction& action : actions) {
      changed += WriteOne(transaction, symbol, action, source);
      days.Add(action.ex_date);
      kinds.Add(KindOf(action));
    }
    const Timestamp today = std::chrono::floor<std::chrono::days>(now);
    changed += transaction.Exec(kWithdraw, {symbol, source, today, days.Finish(), kinds.Finish()}).affected();
    announced = AnnounceNews(transaction, symbol, now);
    return absl::OkStatus();
  }));
  if (announced > 0) told_();
  return changed;
}

std::int64_t PgActionStore::AnnounceNews(pg::Transaction& transaction, const std::string& symbol, Timestamp now) {
  const Timestamp news_from = std::chrono::floor<std::chrono::days>(now) - kStillNews;
  const pg::Rows rows = transaction.Exec(std::string(kAnnounced) +
                                             "where a.symbol = $1 and a.announced < a.revision and a.ex_date >= $2 "
                                             "order by a.ex_date, a.kind for update of a",
                                         {symbol, news_from});
  std::vector<Announcement> news;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Announcement announcement = AnnouncementAt(rows, row);
    announcement.foretold = announcement.foretold || now < BeginsAt(announcement.action, announcement.exchange);
    transaction.Exec(
        "update corporate_actions set announced = revision, foretold = $4 "
        "where symbol = $1 and ex_date = $2 and kind = $3",
        {symbol, announcement.action.ex_date, KindOf(announcement.action), announcement.foretold});
    news.push_back(std::move(announcement));
  }
  AppendEvents(transaction, news, now);
  return static_cast<std::int64_t>(news.size());
}

absl::StatusOr<std::vector<AnnouncedSplit>> PgActionStore::Announced() {
  std::vector<AnnouncedSplit> splits;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        std::string(kAnnounced) + "where a.kind = 'split' and a.foretold and not a.withdrawn order by a.ex_date");
    splits.clear();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Announcement announcement = AnnouncementAt(rows, row);
      splits.push_back({.symbol = announcement.action.symbol,
                        .begins_at = BeginsAt(announcement.action, announcement.exchange),
                        .split = std::get<Split>(announcement.action.what)});
    }
    return absl::OkStatus();
  }));
  return splits;
}

absl::StatusOr<std::int64_t> PgActionStore::AnnounceTo(std::int64_t session, Timestamp first, Timestamp last,
                                                       Timestamp now) {
  std::vector<Announcement> recorded;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        std::string(kAnnounced) +
            "where not a.withdrawn and a.ex_date > $1 and a.ex_date <= $2 order by a.ex_date, a.symbol, a.kind",
        {first, last});
    recorded.clear();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      Announcement& announcement = recorded.emplace_back(AnnouncementAt(rows, row));
      announcement.session = session;
      announcement.foretold = true;
    }
    AppendEvents(transaction, recorded, now);
    return absl::OkStatus();
  }));
  if (!recorded.empty()) told_();
  return static_cast<std::int64_t>(recorded.size());
}

void PgActionStore::AppendEvents(pg::Transaction& transaction, const std::vector<Announcement>& announcements,
                                 Timestamp now) {
  std::vector<events::Event> outbox;
  outbox.reserve(announcements.size());
  for (const Announcement& announcement : announcements) {
    outbox.push_back({.id = ids_.Next(),
                      .type = codec_.type,
                      .user_id = 0,
                      .time = now,
                      .request_id = "",
                      .payload = codec_.encode(announcement)});
  }
  events::AppendToOutbox(transaction, outbox);
}

absl::StatusOr<std::optional<Instrument>> PgActionStore::NextToAsk(Timestamp before) {
  std::optional<Instrument> next;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(kNext, {before});
    next.reset();
    if (rows.empty()) return absl::OkStatus();
    next = Instrument{.symbol = std::string(rows.Text(0, 0)),
                      .name = std::string(rows.Text(0, 1)),
                      .exchange = std::string(rows.Text(0, 2)),
                      .currency = std::string(rows.Text(0, 3))};
    return absl::OkStatus();
  }));
  return next;
}

absl::Status PgActionStore::MarkAsked(const std::string& symbol, Timestamp at) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(
        "insert into corporate_actions_asked (symbol, asked_at) values ($1, $2) "
        "on conflict (symbol) do update set asked_at = excluded.asked_at",
        {symbol, at});
    return absl::OkStatus();
  });
}

}  // namespace papertape::market
