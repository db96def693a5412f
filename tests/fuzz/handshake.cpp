// One link from its first byte on. The bytes between dialler and listener are altered, cut, repeated and
// extended (a stranger); then either end sends arbitrary frames under the right keys (a member). A link may
// only come up with the real other end, and it must come up if nothing was altered.
#include "check.hpp"
#include "input.hpp"
#include "link/link.hpp"
#include "repeatable.hpp"
#include "support/seeded_random.hpp"

using namespace gof;

namespace {

constexpr std::size_t most_waiting = core::link::stalled_output + 2 * wire::frame::largest;

struct keys {
  test::seeded_random random{7};
  secure::identity dialler = secure::identity::generate(random);
  secure::identity listener = secure::identity::generate(random);
  instance_id instances[2] = {random.draw<instance_id>(), random.draw<instance_id>()};
  secure::secret32 network = [this] {
    secure::secret32 key;
    random.fill(key.writable());
    return key;
  }();
  grant_id grant = random.draw<grant_id>();
};

class run {
 public:
  explicit run(const_bytes input) : in_(input), how_(in_.byte()) {
    const auto& k = known();
    ends_[0].emplace(now_, k.dialler, k.instances[0], credentials(), random_);
    ends_[1].emplace(now_, k.listener, k.instances[1], k.network, random_);
    if (how_ & 2) ends_[1]->refuse_with(wire::reason::busy);
  }

  void all() {
    for (int turn = 0; turn < 40 && (!in_.over() || turn < 12); ++turn) {
      carry(1, 0);
      carry(0, 1);
      if (in_.over()) continue;
      if (up_[0] && up_[1])
        say();
      else if (in_.flag())
        late();
    }
    if (!meddled_ && !(how_ & 2)) fuzz::check(up_[0] && up_[1]);
    if (how_ & 2) fuzz::check(!up_[1]);
    for (auto& end : ends_)
      if (!end->is_over()) end->close(wire::reason::none);
  }

 private:
  fuzz::script in_;
  std::uint8_t how_;
  test::seeded_random random_{9};
  instant now_{1000s};
  std::optional<core::link> ends_[2];
  bool up_[2] = {false, false};
  bool meddled_ = false;

  static const keys& known() {
    static const keys k;
    return k;
  }
  core::link_credentials credentials() const {
    const auto& k = known();
    if (!(how_ & 1)) return {k.network, wire::link_role::member, {}, {}};
    return {secure::guest_link_key(k.network, k.listener.id(), k.grant), wire::link_role::guest,
            k.listener.id(), k.grant};
  }

  void late() {
    now_ += in_.size() * 1ms;
    meddled_ = true;
    for (int i = 0; i < 2; ++i) {
      ends_[i]->handle_timeout(now_);
      drain(i);
    }
  }

  void carry(int from, int to) {
    const auto said = ends_[from]->poll_transmit();
    bytes data(said.begin(), said.end());
    fuzz::check(data.size() <= most_waiting);
    if (!in_.over() && in_.byte() % 4 == 0) meddle(data);
    if (data.empty() || ends_[to]->is_over()) return;
    const auto first = in_.over() ? data.size() : in_.size() % (data.size() + 1);
    for (auto part : {mutable_bytes(data).first(first), mutable_bytes(data).subspan(first)}) {
      if (part.empty() || ends_[to]->is_over()) continue;
      ends_[to]->handle_bytes(now_, part);
      drain(to);
    }
  }

  void meddle(bytes& data) {
    const auto before = data;
    const auto at = data.empty() ? 0 : in_.word() % data.size();
    const auto place = data.begin() + static_cast<std::ptrdiff_t>(at);
    switch (in_.byte() % 5) {
      case 0:
        if (!data.empty()) *place ^= in_.byte();
        break;
      case 1: {
        const auto more = in_.block();
        data.insert(place, more.begin(), more.end());
        break;
      }
      case 2: data.erase(place, data.end()); break;
      case 3: {
        const auto twice = data;
        append(data, twice);
        break;
      }
      default: {
        const auto other = in_.block();
        data.assign(other.begin(), other.end());
      }
    }
    meddled_ |= data != before;
  }

  /// Sends a member's frames, sealed correctly.
  void say() {
    auto& from = *ends_[in_.below(2)];
    if (from.is_over()) return;
    meddled_ = true;
    const auto type = static_cast<wire::frame_type>(in_.byte());
    if (in_.flag()) {
      const auto head = wire::packet::decode(in_.block());
      if (head) from.append_packet(now_, type, *head, in_.block());
      return;
    }
    from.send(type, in_.block());
  }

  void drain(int which) {
    const auto& k = known();
    auto& at = *ends_[which];
    while (auto e = at.poll_event(now_)) {
      if (const auto* up = std::get_if<core::link::up>(&*e)) {
        fuzz::check(!up_[which]);
        fuzz::check(up->peer == (which == 0 ? k.listener : k.dialler).id());
        fuzz::check(up->node == secure::node_of(up->peer, k.instances[1 - which]));
        fuzz::check((up->role == wire::link_role::guest) == ((how_ & 1) != 0));
        up_[which] = true;
      } else if (const auto* got = std::get_if<core::link::received>(&*e)) {
        fuzz::check(up_[which] && got->payload.size() <= wire::frame::largest);
      } else if (std::holds_alternative<core::link::notice>(*e)) {
        fuzz::check(up_[which]);
      } else {
        fuzz::check(at.is_over());
        return;
      }
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::repeat_random(1);
  run({data, size}).all();
  return 0;
}
