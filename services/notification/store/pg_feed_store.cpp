#include "services/notification/store/pg_feed_store.h"

#include "libs/status/status.h"

namespace papertape::notification {
namespace {

// The columns that ToEntry reads, in its order.
constexpr std::string_view kColumns = "id, seq, user_id, type, title, message, data::text, is_read, created_at";

Entry ToEntry(const pg::Rows& rows, std::size_t row) {
  return {.id = rows.Int(row, 0),
          .seq = rows.Int(row, 1),
          .user_id = rows.Int(row, 2),
          .type = std::string(rows.Text(row, 3)),
          .title = std::string(rows.Text(row, 4)),
          .message = std::string(rows.Text(row, 5)),
          .data = std::string(rows.Text(row, 6)),
          .is_read = rows.Bool(row, 7),
          .created_at = rows.Time(row, 8)};
}

// Numbers have no gaps, so that a page of the whole feed begins at a number that is known; only the unread ones are
// passed over one by one.
pg::Rows SelectPage(pg::Transaction& transaction, const FeedQuery& query, std::int64_t last_seq) {
  const std::string select = "select " + std::string(kColumns) + " from notifications where user_id = $1 ";
  if (query.unread_only) {
    return transaction.Exec(select + "and not is_read order by seq desc offset $2 limit $3",
                            {query.user_id, query.offset, query.size});
  }
  return transaction.Exec(select + "and seq <= $2 order by seq desc limit $3",
                          {query.user_id, last_seq - query.offset, query.size});
}

}  // namespace

absl::StatusOr<FeedPage> PgFeedStore::List(const FeedQuery& query) {
  FeedPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    page = FeedPage();
    const pg::Rows counts = transaction.Exec(
        "select coalesce((select last_seq from feed_heads where user_id = $1), 0), "
        "(select count(*) from notifications where user_id = $1 and not is_read)",
        {query.user_id});
    const std::int64_t last_seq = counts.Int(0, 0);
    page.unread_count = counts.Int(0, 1);
    page.total = query.unread_only ? page.unread_count : last_seq;
    const pg::Rows rows = SelectPage(transaction, query, last_seq);
    for (std::size_t row = 0; row < rows.size(); ++row) page.entries.push_back(ToEntry(rows, row));
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<Entry> PgFeedStore::MarkRead(std::int64_t user_id, std::int64_t entry_id) {
  Entry entry;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "update notifications set is_read = true where id = $1 and user_id = $2 returning " + std::string(kColumns),
        {entry_id, user_id});
    if (rows.empty()) return Error(Reason::kNOTIFICATION_NOT_FOUND);
    entry = ToEntry(rows, 0);
    return absl::OkStatus();
  }));
  return entry;
}

absl::StatusOr<std::int64_t> PgFeedStore::MarkAllRead(std::int64_t user_id) {
  std::int64_t updated = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    updated = transaction.Exec("update notifications set is_read = true where user_id = $1 and not is_read", {user_id})
                  .affected();
    return absl::OkStatus();
  }));
  return updated;
}

Entry AppendEntry(pg::Transaction& transaction, const Draft& draft) {
  const pg::Rows rows = transaction.Exec(
      "with head as (insert into feed_heads (user_id, last_seq) values ($1, 1) "
      "on conflict (user_id) do update set last_seq = feed_heads.last_seq + 1 returning last_seq) "
      "insert into notifications (user_id, seq, type, title, message, data) "
      "select $1, last_seq, $2, $3, $4, $5 from head returning " +
          std::string(kColumns),
      {draft.user_id, draft.type, draft.title, draft.message, draft.data});
  return ToEntry(rows, 0);
}

}  // namespace papertape::notification
