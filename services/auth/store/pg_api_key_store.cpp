#include "services/auth/store/pg_api_key_store.h"

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "libs/idempotency/once.h"
#include "libs/status/status.h"
#include "services/auth/store/auth_outbox.h"
#include "services/auth/store/user_rows.h"

namespace papertape::auth {
namespace {

// In the order that ReadKey expects, of a table `api_keys k`.
constexpr std::string_view kKeyColumns =
    "k.id, k.user_id, k.name, k.scopes, k.created_at, k.expires_at, k.last_used_at";
constexpr int kKeyColumnCount = 7;

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    words.emplace_back(text.substr(0, text.find(' ')));
    text.remove_prefix(std::min(text.size(), words.back().size() + 1));
  }
  return words;
}

std::string Joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

ApiKey ReadKey(const pg::Rows& rows, std::size_t row) {
  const auto time = [&](int column) {
    return rows.IsNull(row, column) ? std::nullopt : std::optional<Timestamp>(rows.Time(row, column));
  };
  return {.id = std::string(rows.Text(row, 0)),
          .user_id = rows.Int(row, 1),
          .name = std::string(rows.Text(row, 2)),
          .scopes = Words(rows.Text(row, 3)),
          .created_at = rows.Time(row, 4),
          .expires_at = time(5),
          .last_used_at = time(6)};
}

ApiKey InsertKey(pg::Transaction& transaction, const StoredApiKey& stored) {
  const ApiKey& key = stored.key;
  const pg::Rows rows = transaction.Exec(
      "insert into api_keys as k (id, user_id, name, scopes, secret_digest, created_at, expires_at) "
      "values ($1, $2, $3, $4, $5, $6, $7) returning " +
          std::string(kKeyColumns),
      {key.id, key.user_id, key.name, Joined(key.scopes), stored.secret_digest, key.created_at, key.expires_at});
  return ReadKey(rows, 0);
}

// Marks the keys `k` that fit `condition`, whose parameters count from $3, and tells every process.
std::vector<std::string> RevokeWhere(pg::Transaction& transaction, IdSource& ids, std::string_view condition,
                                     const std::vector<pg::Param>& params, const KeyEnding& ending) {
  std::vector<pg::Param> all{ending.now, ending.tokens_until};
  all.insert(all.end(), params.begin(), params.end());
  const pg::Rows rows =
      transaction.Exec("update api_keys k set revoked_at = $1, tokens_until = $2 where k.revoked_at is null and " +
                           std::string(condition) + " returning k.id, k.user_id",
                       all);
  std::vector<std::string> revoked;
  std::vector<EndedSession> ended;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    revoked.emplace_back(rows.Text(row, 0));
    ended.push_back(
        {.id = SessionOfKey(revoked.back()), .user_id = rows.Int(row, 1), .tokens_until = ending.tokens_until});
  }
  TellEnded(transaction, ids, ended, ending.now, ending.from.request_id);
  return revoked;
}

}  // namespace

std::vector<std::string> RevokeKeysOf(pg::Transaction& transaction, IdSource& ids, std::int64_t user_id,
                                      const KeyEnding& ending) {
  return RevokeWhere(transaction, ids, "k.user_id = $3", {user_id}, ending);
}

absl::StatusOr<ApiKey> PgApiKeyStore::Insert(const StoredApiKey& stored, std::size_t most,
                                             const Repeatable<ApiKey>& repeatable, const Origin& from) {
  absl::StatusOr<ApiKey> made;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    made = idempotency::Once(transaction, repeatable, [&]() -> absl::StatusOr<ApiKey> {
      // The owner's row is locked, so that keys are counted one after another.
      transaction.Exec("select 1 from users where id = $1 for update", {stored.key.user_id});
      const pg::Rows count = transaction.Exec("select count(*) from api_keys where user_id = $1 and revoked_at is null",
                                              {stored.key.user_id});
      if (count.Int(0, 0) >= static_cast<std::int64_t>(most)) return Error(Reason::kTOO_MANY_API_KEYS);
      ApiKey key = InsertKey(transaction, stored);
      trail_.Append(transaction, {.by = from,
                                  .action = deed::kKeyCreated,
                                  .subject_id = key.user_id,
                                  .detail = {{"key", key.id}, {"scopes", Joined(key.scopes)}}});
      return key;
    });
    return made.status();
  }));
  return made;
}

absl::StatusOr<std::vector<ApiKey>> PgApiKeyStore::List(std::int64_t user_id) {
  std::vector<ApiKey> keys;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select " + std::string(kKeyColumns) +
            " from api_keys k where k.user_id = $1 and k.revoked_at is null order by k.created_at desc, k.id",
        {user_id});
    for (std::size_t row = 0; row < rows.size(); ++row) keys.push_back(ReadKey(rows, row));
    return absl::OkStatus();
  }));
  return keys;
}

absl::Status PgApiKeyStore::Revoke(std::int64_t user_id, const std::string& key_id, const KeyEnding& ending) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    const auto revoked = RevokeWhere(transaction, ids_, "k.user_id = $3 and k.id = $4", {user_id, key_id}, ending);
    if (revoked.empty()) return Error(Reason::kAPI_KEY_NOT_FOUND);
    trail_.Append(transaction,
                  {.by = ending.from, .action = deed::kKeyRevoked, .subject_id = user_id, .detail = {{"key", key_id}}});
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<UsableApiKey>> PgApiKeyStore::Find(const std::string& key_id) {
  std::optional<UsableApiKey> found;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select " + std::string(kKeyColumns) + ", k.secret_digest, " + std::string(kUserColumns) +
            " from api_keys k join users u on u.id = k.user_id where k.id = $1 and k.revoked_at is null",
        {key_id});
    if (rows.empty()) return absl::OkStatus();
    found =
        UsableApiKey{.stored = {.key = ReadKey(rows, 0), .secret_digest = std::string(rows.Text(0, kKeyColumnCount))},
                     .owner = ReadUser(rows, kKeyColumnCount + 1)};
    return absl::OkStatus();
  }));
  return found;
}

absl::Status PgApiKeyStore::NoteUse(const std::string& key_id, Timestamp now) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec("update api_keys set last_used_at = $2 where id = $1", {key_id, now});
    return absl::OkStatus();
  });
}

}  // namespace papertape::auth
