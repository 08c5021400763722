#include "libs/seal/seal.h"

#include "absl/strings/escaping.h"
#include "libs/seal/aes_gcm.h"
#include "tests/support/matchers.h"

namespace papertape {
namespace {

using testing::IsOk;

std::string FromHex(std::string_view hex) { return absl::HexStringToBytes(std::string(hex)); }

const std::string kContext = "kyc/17/document";

SealKeys Keys() { return {.current = std::string(32, 'k')}; }

Sealer SealerWith(const SealKeys& keys) { return {keys, SystemRandom()}; }

TEST_CASE("AES-256-GCM gives the published ciphertext and tag") {
  // McGrew and Viega, The Galois/Counter Mode of Operation, test case 16.
  const std::string key = FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string nonce = FromHex("cafebabefacedbaddecaf888");
  const std::string associated = FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = FromHex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const std::string sealed = FromHex(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(aes_gcm::Encrypt(key, nonce, associated, plain) == sealed);
  CHECK(aes_gcm::Decrypt(key, nonce, associated, sealed) == plain);
}

TEST_CASE("a sealed text has the documented layout") {
  int draws = 0;
  const Sealer sealer(Keys(), [&draws]() -> std::uint64_t { return ++draws == 1 ? 0x0807060504030201 : 0x0c0b0a09; });
  const std::string sealed = *sealer.Seal("plain", "context");
  REQUIRE(sealed.size() == 5 + Sealer::kOverheadBytes);
  // Computed outside, with Python's `cryptography`: head + nonce + AESGCM(key).encrypt(nonce, b"plain", head +
  // b"context").
  CHECK(absl::BytesToHexString(sealed) ==
        "01fa06351c0102030405060708090a0b0c077e37040349631cac3b518e3c4b57b34d8f9d47f6");
}

TEST_CASE("what was sealed opens in its context, whatever its length") {
  const Sealer sealer = SealerWith(Keys());
  const auto size = GENERATE(0UL, 1UL, 15UL, 16UL, 17UL, 1'000'000UL);
  const std::string plain(size, 'p');
  const auto sealed = sealer.Seal(plain, kContext);
  REQUIRE_THAT(sealed.status(), IsOk());
  CHECK(*sealer.Open(*sealed, kContext) == plain);
}

TEST_CASE("the same text is sealed differently each time") {
  const Sealer sealer = SealerWith(Keys());
  CHECK(*sealer.Seal("plain", kContext) != *sealer.Seal("plain", kContext));
}

TEST_CASE("a sealed text does not open in another context") {
  const Sealer sealer = SealerWith(Keys());
  const std::string sealed = *sealer.Seal("plain", kContext);
  const auto other = GENERATE(as<std::string>(), "", "kyc/18/document", "kyc/17/documen", "kyc/17/document ");
  CHECK(sealer.Open(sealed, other).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("no changed bit and no cut goes unseen") {
  const Sealer sealer = SealerWith(Keys());
  const std::string sealed = *sealer.Seal("four", kContext);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << (bit % 8)));
    CHECK_FALSE(sealer.Open(changed, kContext).ok());
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    CHECK_FALSE(sealer.Open(sealed.substr(0, size), kContext).ok());
  CHECK_FALSE(sealer.Open(sealed + "x", kContext).ok());
}

TEST_CASE("the previous key still opens, and seals nothing any more") {
  const SealKeys old_keys = Keys();
  const SealKeys new_keys{.current = std::string(32, 'n'), .previous = old_keys.current};
  const std::string sealed_before = *SealerWith(old_keys).Seal("plain", kContext);
  CHECK(*SealerWith(new_keys).Open(sealed_before, kContext) == "plain");

  const std::string sealed_after = *SealerWith(new_keys).Seal("plain", kContext);
  CHECK(SealerWith(old_keys).Open(sealed_after, kContext).status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK(*SealerWith({.current = new_keys.current}).Open(sealed_after, kContext) == "plain");
}

TEST_CASE("data keys are 32 bytes in base 64, and a wrong one is told without its value") {
  const std::string good = absl::Base64Escape(std::string(32, 'k'));
  const std::string short_one = absl::Base64Escape(std::string(31, 'k'));
  Settings right({{"PAPERTAPE_DATA_KEY", good}, {"PAPERTAPE_DATA_KEY_PREVIOUS", good}});
  const SealKeys keys = ReadSealKeys(right);
  CHECK_THAT(right.Check(), IsOk());
  CHECK(keys.current == std::string(32, 'k'));
  CHECK(keys.previous == std::string(32, 'k'));

  Settings wrong({{"PAPERTAPE_DATA_KEY", short_one}, {"PAPERTAPE_DATA_KEY_PREVIOUS", "not base 64!"}});
  ReadSealKeys(wrong);
  const std::string report(MessageOf(wrong.Check()));
  CHECK_THAT(report, Catch::Contains("PAPERTAPE_DATA_KEY must") && Catch::Contains("PAPERTAPE_DATA_KEY_PREVIOUS must"));
  CHECK_THAT(report, !Catch::Contains(short_one) && !Catch::Contains("not base 64!"));

  Settings none(std::map<std::string, std::string>{});
  ReadSealKeys(none);
  CHECK(MessageOf(none.Check()) == "PAPERTAPE_DATA_KEY must be set");
}

}  // namespace
}  // namespace papertape
