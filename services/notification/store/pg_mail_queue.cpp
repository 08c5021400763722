#include "services/notification/store/pg_mail_queue.h"

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::notification {
namespace {

// The id is authenticated with what is sealed: no mail's text opens under another's id.
std::string ContextOf(std::string_view id) { return fmt::format("mail/{}", id); }

// Neither address nor subject holds a line's end, so two lines and the rest are these three.
std::string Join(const Mail& mail) { return fmt::format("{}\n{}\n{}", mail.to, mail.subject, mail.text); }

std::string TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

absl::StatusOr<bool> PgMailQueue::Add(const Mail& mail, Timestamp now) {
  PT_ASSIGN_OR_RETURN(const std::string sealed, sealer_.Seal(Join(mail), ContextOf(mail.id)));
  bool is_new = false;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    is_new = transaction
                 .Exec(
                     "insert into mails (id, sealed, next_try_at, expires_at, created_at) values ($1, $2, $3, $4, $3) "
                     "on conflict (id) do nothing",
                     {mail.id, pg::Param::Bytes(sealed), now, mail.expires_at})
                 .affected() == 1;
    return absl::OkStatus();
  }));
  return is_new;
}

absl::StatusOr<std::optional<DueMail>> PgMailQueue::TakeDue(Timestamp now, Timestamp lease_end) {
  std::optional<DueMail> due;
  std::string sealed;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    due.reset();
    const pg::Rows rows = transaction.Exec(
        "update mails set attempts = attempts + 1, next_try_at = $2 where id = (select id from mails where state = "
        "'queued' "
        "and next_try_at <= $1 order by next_try_at for update skip locked limit 1) "
        "returning id, attempts, created_at, expires_at, sealed",
        {now, lease_end});
    if (rows.empty()) return absl::OkStatus();
    due = DueMail{.id = std::string(rows.Text(0, 0)),
                  .attempts = static_cast<int>(rows.Int(0, 1)),
                  .created_at = rows.Time(0, 2),
                  .expires_at = rows.Time(0, 3),
                  .mail = Mail()};
    sealed = rows.Bytes(0, 4);
    return absl::OkStatus();
  }));
  if (due) due->mail = Unseal(*due, sealed);
  return due;
}

absl::StatusOr<Mail> PgMailQueue::Unseal(const DueMail& due, std::string_view sealed) const {
  PT_ASSIGN_OR_RETURN(const std::string opened, sealer_.Open(sealed, ContextOf(due.id)));
  std::string_view rest = opened;
  Mail mail{.id = due.id, .expires_at = due.expires_at};
  mail.to = TakeLine(rest);
  mail.subject = TakeLine(rest);
  mail.text = rest;
  return mail;
}

absl::Status PgMailQueue::MarkSent(std::string_view id, Timestamp now) {
  return Run("update mails set state = 'sent', sealed = null, done_at = $2, last_error = null where id = $1",
             {id, now});
}

absl::Status PgMailQueue::MarkFailed(std::string_view id, Timestamp now, std::string_view why) {
  return Run(
      "update mails set state = 'failed', sealed = null, done_at = $2, last_error = $3 where id = $1 and state = "
      "'queued'",
      {id, now, why});
}

absl::Status PgMailQueue::TryAgain(std::string_view id, Timestamp at, std::string_view why) {
  return Run("update mails set next_try_at = $2, last_error = $3 where id = $1 and state = 'queued'", {id, at, why});
}

absl::Status PgMailQueue::Erase(Timestamp time) { return Run("delete from mails where done_at < $1", {time}); }

absl::Status PgMailQueue::Run(std::string_view sql, const std::vector<pg::Param>& params) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(sql, params);
    return absl::OkStatus();
  });
}

}  // namespace papertape::notification
