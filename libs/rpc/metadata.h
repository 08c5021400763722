// Names of the metadata that travels with every call. gRPC wants them in lower case.
#pragma once

namespace papertape::rpc {

inline constexpr char kAuthorization[] = "authorization";            // "Bearer <access token>"
inline constexpr char kServiceCredential[] = "x-papertape-service";  // auth::ServiceCredential
inline constexpr char kEdgeCredential[] = "x-papertape-edge";        // auth::EdgeCredential
inline constexpr char kClientAddress[] = "x-client-address";         // believed with either of the two credentials
inline constexpr char kRequestId[] = "x-request-id";
inline constexpr char kTraceparent[] = "traceparent";  // W3C trace context
inline constexpr char kIdempotencyKey[] = "idempotency-key";
inline constexpr char kHttpStatus[] = "x-http-status";  // initial metadata of an answer

}  // namespace papertape::rpc
