#include "services/auth/store/pg_session_store.h"

#include "libs/status/status.h"
#include "services/auth/store/auth_outbox.h"
#include "services/auth/store/user_rows.h"

namespace papertape::auth {
namespace {

constexpr int kEraseAtOnce = 5'000;

std::string_view NameOf(EndReason reason) {
  switch (reason) {
    case EndReason::kLogout:
      return "logout";
    case EndReason::kReuse:
      return "reuse";
    case EndReason::kPassword:
      return "password";
    case EndReason::kAdministrator:
      return "administrator";
  }
  return "logout";
}

void InsertToken(pg::Transaction& transaction, const std::string& digest, const std::string& session_id,
                 Timestamp expires_at) {
  transaction.Exec("insert into refresh_tokens (digest, session_id, expires_at) values ($1, $2, $3)",
                   {digest, session_id, expires_at});
}

std::vector<std::string> EndSessionsWhere(pg::Transaction& transaction, IdSource& ids, std::string_view condition,
                                          const std::vector<pg::Param>& params, const Ending& ending) {
  std::vector<pg::Param> all{ending.now, NameOf(ending.reason), ending.tokens_until};
  all.insert(all.end(), params.begin(), params.end());
  const pg::Rows rows = transaction.Exec(
      "update sessions s set ended_at = $1, ended_for = $2, tokens_until = $3 where s.ended_at is null and " +
          std::string(condition) + " returning s.id, s.user_id",
      all);
  std::vector<std::string> names;
  std::vector<EndedSession> ended;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    names.emplace_back(rows.Text(row, 0));
    ended.push_back({.id = names.back(), .user_id = rows.Int(row, 1), .tokens_until = ending.tokens_until});
  }
  TellEnded(transaction, ids, ended, ending.now, ending.entry.by.request_id);
  return names;
}

}  // namespace

absl::Status PgSessionStore::Insert(const NewSession& session) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(
        "insert into sessions (id, user_id, client_address, created_at, refreshed_at, expires_at) "
        "values ($1, $2, $3, $4, $4, $5)",
        {session.id, session.user_id, session.entry.by.client_address, session.now, session.expires_at});
    InsertToken(transaction, session.refresh_digest, session.id, session.expires_at);
    trail_.Append(transaction, session.entry);
    return absl::OkStatus();
  });
}

// One conditional update spends the token: of several at once, one finds it unspent.
absl::StatusOr<Rotated> PgSessionStore::Rotate(const Rotation& rotation) {
  Rotated rotated;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const Timestamp now = rotation.on_reuse.now;
    const pg::Rows rows = transaction.Exec(
        "update refresh_tokens t set used_at = $2 from sessions s, users u where t.digest = $1 and t.used_at is null "
        "and t.expires_at > $2 and s.id = t.session_id and s.ended_at is null and u.id = s.user_id returning s.id, " +
            std::string(kUserColumns),
        {rotation.spent_digest, now});
    if (rows.empty()) {
      rotated = RefuseRotation(transaction, rotation);
      return absl::OkStatus();
    }
    rotated = {
        .outcome = RotationOutcome::kRotated, .session_id = std::string(rows.Text(0, 0)), .user = ReadUser(rows, 1)};
    InsertToken(transaction, rotation.next_digest, rotated.session_id, rotation.expires_at);
    transaction.Exec("update sessions set refreshed_at = $2, expires_at = $3 where id = $1",
                     {rotated.session_id, now, rotation.expires_at});
    return absl::OkStatus();
  }));
  return rotated;
}

Rotated PgSessionStore::RefuseRotation(pg::Transaction& transaction, const Rotation& rotation) {
  const pg::Rows rows = transaction.Exec(
      "select s.id, s.ended_at is not null, t.expires_at <= $2, s.user_id from refresh_tokens t "
      "join sessions s on s.id = t.session_id where t.digest = $1",
      {rotation.spent_digest, rotation.on_reuse.now});
  if (rows.empty()) return {};
  Rotated refused{.outcome = RotationOutcome::kReused, .session_id = std::string(rows.Text(0, 0))};
  if (rows.Bool(0, 2)) {
    refused.outcome = RotationOutcome::kExpired;
  } else if (rows.Bool(0, 1) || EndWhere(transaction, "s.id = $4", {refused.session_id}, rotation.on_reuse).empty()) {
    refused.outcome = RotationOutcome::kEnded;  // before, or by another call meanwhile
  } else {
    AuditEntry entry = rotation.on_reuse.entry;
    entry.subject_id = rows.Int(0, 3);
    entry.detail.emplace_back("session", refused.session_id);
    trail_.Append(transaction, entry);
  }
  return refused;
}

std::vector<std::string> EndSessionsOf(pg::Transaction& transaction, IdSource& ids, std::int64_t user_id,
                                       const Ending& ending) {
  return EndSessionsWhere(transaction, ids, "s.user_id = $4", {user_id}, ending);
}

std::vector<std::string> PgSessionStore::EndWhere(pg::Transaction& transaction, std::string_view condition,
                                                  const std::vector<pg::Param>& params, const Ending& ending) {
  return EndSessionsWhere(transaction, ids_, condition, params, ending);
}

absl::StatusOr<std::vector<std::string>> PgSessionStore::End(std::int64_t user_id, const std::string& session_id,
                                                             const std::string& refresh_digest, const Ending& ending) {
  std::vector<std::string> ended;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    ended = EndWhere(transaction,
                     "s.user_id = $4 and (s.id = $5 or s.id in (select session_id from refresh_tokens where digest = "
                     "$6))",
                     {user_id, session_id, refresh_digest}, ending);
    if (!ended.empty()) trail_.Append(transaction, ending.entry);
    return absl::OkStatus();
  }));
  return ended;
}

absl::StatusOr<std::vector<std::string>> PgSessionStore::EndAll(std::int64_t user_id, const std::string& kept,
                                                                const Ending& ending) {
  std::vector<std::string> ended;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    ended = EndWhere(transaction, "s.user_id = $4 and s.id <> $5", {user_id, kept}, ending);
    if (!ended.empty()) trail_.Append(transaction, ending.entry);
    return absl::OkStatus();
  }));
  return ended;
}

absl::StatusOr<std::vector<std::string>> PgSessionStore::ReplacePassword(const PasswordChange& change,
                                                                         const Ending& ending) {
  std::vector<std::string> ended;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec("update users set password_hash = $3 where id = $1 and password_hash = $2",
                                           {change.user_id, change.stored_hash, change.new_hash});
    if (rows.affected() != 1) return Error(Reason::kCONFLICT);
    ended = EndWhere(transaction, "s.user_id = $4 and s.id <> $5", {change.user_id, change.kept_session}, ending);
    trail_.Append(transaction, ending.entry);
    return absl::OkStatus();
  }));
  return ended;
}

absl::StatusOr<std::vector<EndedSession>> PgSessionStore::FindEnded(Timestamp now) {
  std::vector<EndedSession> ended;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select id, user_id, tokens_until from sessions where ended_at is not null and tokens_until > $1 union all "
        "select 'key-' || id, user_id, tokens_until from api_keys where revoked_at is not null and tokens_until > $1",
        {now});
    for (std::size_t row = 0; row < rows.size(); ++row) {
      ended.push_back(
          {.id = std::string(rows.Text(row, 0)), .user_id = rows.Int(row, 1), .tokens_until = rows.Time(row, 2)});
    }
    return absl::OkStatus();
  }));
  return ended;
}

absl::Status PgSessionStore::TellAgain(const std::vector<EndedSession>& ended, Timestamp now) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    TellEnded(transaction, ids_, ended, now, "");
    return absl::OkStatus();
  });
}

// A session is kept while a token of it could be told from an unknown one, or is on the list of ended ones.
absl::StatusOr<std::int64_t> PgSessionStore::EraseExpired(Timestamp now) {
  std::int64_t erased = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    erased = transaction
                 .Exec(
                     "delete from refresh_tokens where digest in (select digest from refresh_tokens where expires_at "
                     "<= $1 order by expires_at limit $2)",
                     {now, kEraseAtOnce})
                 .affected();
    erased += transaction
                  .Exec(
                      "delete from sessions where id in (select id from sessions where expires_at <= $1 and "
                      "coalesce(tokens_until, $1) <= $1 order by expires_at limit $2)",
                      {now, kEraseAtOnce})
                  .affected();
    return absl::OkStatus();
  }));
  return erased;
}

}  // namespace papertape::auth
