#pragma once

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.hpp"

namespace neve {

/// An authority, a server certificate for localhost and a client certificate, whose key is there encrypted, too, made
/// by the openssl command.
class Certificates {
 public:
  Certificates() {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=ca -keyout ca.key "
        "-out ca.crt");
    sign("server", "subjectAltName=DNS:localhost,IP:127.0.0.1");
    sign("client", "extendedKeyUsage=clientAuth");
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=other -keyout o.key "
        "-out other.crt");
    run("openssl ec -in client.key -aes256 -passout pass:secret -out encrypted.key");
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  void sign(const std::string& name, const std::string& extension) {
    std::ofstream(folder_.path() / "ext") << extension;
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name +
        ".key -out r.csr");
    run("openssl x509 -req -in r.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out " + name +
        ".crt");
  }
  void run(const std::string& command) {
    if (std::system(("cd " + folder_.path().string() + " && " + command + " >/dev/null 2>&1").c_str()) != 0) {
      throw std::runtime_error("failed: " + command);
    }
  }
  TemporaryFolder folder_;
};

}  // namespace neve
