#include "services/trade_engine/store/pg_setups.h"

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/once_in_journal.h"
#include "services/trade_engine/store/tag_columns.h"

namespace papertape::trade_engine {
namespace {

// In the order that ToSetup expects.
const std::string kColumns =
    fmt::format("setup_id, user_id, name, notes, description, rules, timeframe, {}, created_at, updated_at, deleted_at",
                kTagsColumn);

Setup ToSetup(const pg::Rows& rows, std::size_t row) {
  const auto text = [&](int column) { return std::string(rows.Text(row, column)); };
  Setup setup{.setup_id = text(0),
              .user_id = rows.Int(row, 1),
              .text = {.name = text(2),
                       .notes = text(3),
                       .description = text(4),
                       .rules = text(5),
                       .timeframe = text(6),
                       .tags = ToTags(rows.Text(row, 7))},
              .created_at = rows.Time(row, 8),
              .updated_at = rows.Time(row, 9)};
  if (!rows.IsNull(row, 10)) setup.deleted_at = rows.Time(row, 10);
  return setup;
}

absl::StatusOr<Setup> OnlyOf(const pg::Rows& rows) {
  if (rows.empty()) return NoSuchSetup();
  return ToSetup(rows, 0);
}

absl::StatusOr<Setup> Insert(pg::Transaction& transaction, const Setup& setup) {
  // One at a time for a user, so that the count holds.
  transaction.Exec("select pg_advisory_xact_lock(hashtextextended('setups/' || $1, 0))",
                   {std::to_string(setup.user_id)});
  const pg::Rows count =
      transaction.Exec("select count(*) from setups where user_id = $1 and deleted_at is null", {setup.user_id});
  if (count.Int(0, 0) >= SetupStore::kMost) {
    return Error(Reason::kCONFLICT,
                 fmt::format("There are {} setups, as many as there may be; delete one first.", SetupStore::kMost));
  }
  const SetupText& text = setup.text;
  return OnlyOf(
      transaction.Exec("insert into setups (setup_id, user_id, name, notes, description, rules, timeframe, tags, "
                       "created_at, updated_at) "
                       "values ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9, $10) returning " +
                           kColumns,
                       {setup.setup_id, setup.user_id, text.name, text.notes, text.description, text.rules,
                        text.timeframe, TagsParam(text.tags), setup.created_at, setup.updated_at}));
}

}  // namespace

absl::StatusOr<Setup> PgSetups::Add(const Setup& setup, const idempotency::Repeatable<Setup>& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) { return Insert(transaction, setup); });
}

absl::StatusOr<std::vector<Setup>> PgSetups::List(std::int64_t user_id, const std::string& tag) {
  std::vector<Setup> setups;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        fmt::format("select {} from setups where user_id = $1 and deleted_at is null and ($2 = '' or $2 = any(tags)) "
                    "order by setup_id desc",
                    kColumns),
        {user_id, tag});
    setups.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) setups.push_back(ToSetup(rows, i));
    return absl::OkStatus();
  }));
  return setups;
}

absl::StatusOr<Setup> PgSetups::Find(std::int64_t user_id, const std::string& setup_id) {
  absl::StatusOr<Setup> setup = NoSuchSetup();
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    setup = OnlyOf(transaction.Exec(fmt::format("select {} from setups where user_id = $1 and setup_id = $2", kColumns),
                                    {user_id, setup_id}));
    return absl::OkStatus();
  }));
  return setup;
}

absl::StatusOr<Setup> PgSetups::Replace(std::int64_t user_id, const std::string& setup_id, const SetupText& text,
                                        Timestamp now, const idempotency::Repeatable<Setup>& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) {
    return OnlyOf(transaction.Exec(
        "update setups set name = $3, notes = $4, description = $5, rules = $6, timeframe = $7, tags = $8::text[], "
        "updated_at = $9 where user_id = $1 and setup_id = $2 and deleted_at is null returning " +
            kColumns,
        {user_id, setup_id, text.name, text.notes, text.description, text.rules, text.timeframe, TagsParam(text.tags),
         now}));
  });
}

absl::StatusOr<Setup> PgSetups::Delete(std::int64_t user_id, const std::string& setup_id, Timestamp now,
                                       const idempotency::Repeatable<Setup>& repeatable) {
  return OnceInJournal(pool_, repeatable, [&](pg::Transaction& transaction) {
    return OnlyOf(transaction.Exec(
        "update setups set deleted_at = $3 where user_id = $1 and setup_id = $2 and deleted_at is null returning " +
            kColumns,
        {user_id, setup_id, now}));
  });
}

}  // namespace papertape::trade_engine
