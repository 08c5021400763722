// The notification protos <-> the domain.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/rpc/proto_types.h"
#include "papertape/notification/v1/notification_service.pb.h"
#include "services/notification/domain/feed.h"
#include "services/notification/domain/ports.h"

namespace papertape::notification {

void Encode(const Entry& entry, v1::Notification& out);
void Encode(const FeedPage& feed, const rpc::Page& page, v1::ListNotificationsReply& out);

// A FeedEntry, serialized: what travels to the gateways.
std::string SerializeFeedEntry(const Entry& entry, const std::optional<Alert>& alert);
// The same, read again; what cannot be read is left out.
std::vector<std::shared_ptr<const v1::FeedEntry>> ParseEntries(const std::vector<std::string>& serialized);

}  // namespace papertape::notification
