#include "libs/auth/token_keys.h"

#include <fstream>
#include <sstream>

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kSecretBytes = 32;

// Notes a mistake when the file holds no key of the kind.
std::string ReadKey(Settings& settings, std::string_view name, const std::string& path) {
  if (path.empty()) return "";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string pem = text.str();
  if (pem.find("-----BEGIN") == std::string::npos) settings.Mistake(name, "must name a readable PEM file");
  return pem;
}

void CheckPublicKey(Settings& settings, std::string_view name, const std::string& algorithm, const std::string& pem) {
  if (pem.find("-----BEGIN") == std::string::npos) return;  // noted
  if (const auto jwk = PublicJwk(algorithm, pem); !jwk.ok()) settings.Mistake(name, MessageOf(jwk.status()));
}

std::vector<std::string> PublicPems(const TokenKeys& keys) {
  std::vector<std::string> pems{keys.public_key_pem};
  pems.insert(pems.end(), keys.previous.begin(), keys.previous.end());
  return pems;
}

}  // namespace

TokenKeys ReadTokenKeys(Settings& settings, bool can_sign) {
  TokenKeys keys;
  keys.secret = settings.Secret("SECRET_KEY", kSecretBytes);
  keys.algorithm = settings.OneOf("JWT_ALGORITHM", "HS256", {"HS256", "RS256", "ES256"});
  if (keys.algorithm == "HS256") {
    const std::string previous = settings.Text("SECRET_KEY_PREVIOUS", "");
    if (!previous.empty()) keys.previous.push_back(settings.Secret("SECRET_KEY_PREVIOUS", kSecretBytes));
    return keys;
  }
  keys.public_key_pem = ReadKey(settings, "JWT_PUBLIC_KEY_FILE", settings.Required("JWT_PUBLIC_KEY_FILE"));
  CheckPublicKey(settings, "JWT_PUBLIC_KEY_FILE", keys.algorithm, keys.public_key_pem);
  for (const std::string& path : settings.List("JWT_PREVIOUS_PUBLIC_KEY_FILES", "")) {
    keys.previous.push_back(ReadKey(settings, "JWT_PREVIOUS_PUBLIC_KEY_FILES", path));
    CheckPublicKey(settings, "JWT_PREVIOUS_PUBLIC_KEY_FILES", keys.algorithm, keys.previous.back());
  }
  if (can_sign) {
    keys.private_key_pem = ReadKey(settings, "JWT_PRIVATE_KEY_FILE", settings.Required("JWT_PRIVATE_KEY_FILE"));
  }
  return keys;
}

std::vector<VerificationKey> VerificationKeys(const TokenKeys& keys) {
  std::vector<VerificationKey> known;
  if (keys.algorithm == "HS256") {
    known.push_back({SecretKeyId(keys.secret), keys.secret});
    for (const std::string& secret : keys.previous) known.push_back({SecretKeyId(secret), secret});
    return known;
  }
  for (const std::string& pem : PublicPems(keys)) {
    if (const auto jwk = PublicJwk(keys.algorithm, pem); jwk.ok()) known.push_back({jwk->key_id, pem});
  }
  return known;
}

std::vector<Jwk> PublicKeys(const TokenKeys& keys) {
  std::vector<Jwk> known;
  if (keys.algorithm == "HS256") return known;
  for (const std::string& pem : PublicPems(keys)) {
    if (auto jwk = PublicJwk(keys.algorithm, pem); jwk.ok()) known.push_back(*std::move(jwk));
  }
  return known;
}

}  // namespace papertape::auth
