#include "service/http/response_sender.hpp"

#include <algorithm>
#include <array>
#include <variant>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace neve::service {

void ResponseSender::begin(Response response, AfterAnswer after, SendBody body) {
  response_ = std::move(response);
  head_ = write_response_head(response_, after);
  const bool with_body = body == SendBody::yes && response_.status != 204 && response_.status != 304;
  body_bytes_ = with_body ? body_size(response_.body) : 0;
  sent_head_ = 0;
  sent_body_ = 0;
}

ssize_t ResponseSender::send_some(int socket) {
  const bool file = sent_head_ == head_.size() && std::holds_alternative<FileBody>(response_.body);
  return file ? send_file(socket) : send_bytes(socket);
}

ssize_t ResponseSender::send_file(int socket) {
  const auto& file = std::get<FileBody>(response_.body);
  auto offset = static_cast<off_t>(file.offset + sent_body_);
  const std::uint64_t most = std::min<std::uint64_t>(body_bytes_ - sent_body_, std::uint64_t{1} << 20);
  const ssize_t count = ::sendfile(socket, file.file->get(), &offset, static_cast<std::size_t>(most));
  if (count > 0) sent_body_ += static_cast<std::uint64_t>(count);
  return count;
}

/// The head, and with it a body that is in memory.
ssize_t ResponseSender::send_bytes(int socket) {
  const auto* bytes = std::get_if<Bytes>(&response_.body);
  std::array<iovec, 2> pieces{};
  std::size_t used = 0;
  const std::size_t head = head_.size() - sent_head_;
  if (head > 0) pieces[used++] = {head_.data() + sent_head_, head};
  if (bytes != nullptr && sent_body_ < body_bytes_) {  // sendmsg only reads
    pieces[used++] = {const_cast<std::byte*>(bytes->data()) + sent_body_,
                      static_cast<std::size_t>(body_bytes_ - sent_body_)};
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = used;
  const ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count > 0) {
    const std::size_t of_head = std::min(static_cast<std::size_t>(count), head);
    sent_head_ += of_head;
    sent_body_ += static_cast<std::size_t>(count) - of_head;
  }
  return count;
}

}  // namespace neve::service
