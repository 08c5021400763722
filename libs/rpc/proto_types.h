// Domain values <-> the protos that carry them.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "libs/clock/clock.h"
#include "libs/money/money.h"
#include "papertape/type/v1/decimal.pb.h"

namespace papertape::rpc {

template <class Tag>
void Encode(Micros<Tag> amount, type::v1::Decimal* out) {
  out->set_micros(amount.micros());
}

template <class Amount>
Amount Decode(const type::v1::Decimal& decimal) {
  return Amount::FromMicros(decimal.micros());
}

inline void Encode(Timestamp time, google::protobuf::Timestamp* out) {
  const std::int64_t micros = MicrosSinceEpoch(time);
  const std::int64_t seconds =
      micros >= 0 ? micros / kMicrosPerUnit : -((-micros + kMicrosPerUnit - 1) / kMicrosPerUnit);
  out->set_seconds(seconds);
  out->set_nanos(static_cast<std::int32_t>((micros - seconds * kMicrosPerUnit) * 1000));
}

inline Timestamp Decode(const google::protobuf::Timestamp& time) {
  return FromMicrosSinceEpoch(time.seconds() * kMicrosPerUnit + time.nanos() / 1000);
}

// One page of a list, from the page/size/limit/skip that every list request carries.
struct Page {
  std::int64_t number = 1;
  std::int64_t size = 20;
  std::int64_t offset = 0;
};

// Values below the least allowed mean "not given"; a size above 200 is 200.
template <class ListRequest>
Page PageOf(const ListRequest& request) {
  Page page;
  if (request.size() > 0 || request.limit() > 0)
    page.size = std::min(request.size() > 0 ? request.size() : request.limit(), 200);
  page.offset =
      request.page() > 1 ? (std::int64_t{request.page()} - 1) * page.size : std::max<std::int64_t>(request.skip(), 0);
  page.number = page.offset / page.size + 1;
  return page;
}

template <class ListReply>
void EncodePage(const Page& page, std::int64_t total, ListReply& reply) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  reply.set_total(total);
  reply.set_page(static_cast<std::int32_t>(std::min(page.number, kMost)));
  reply.set_size(static_cast<std::int32_t>(page.size));
  reply.set_total_pages(static_cast<std::int32_t>(std::min((total + page.size - 1) / page.size, kMost)));
}

}  // namespace papertape::rpc
