// A deleter for objects of C libraries: `std::unique_ptr<BIO, Freed<BIO_free>>`.
#ifndef NSP_SIM_LAB_FREED_H_
#define NSP_SIM_LAB_FREED_H_

namespace nsp::lab {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* owned) const {
    kFree(owned);
  }
};

}  // namespace nsp::lab

#endif  // NSP_SIM_LAB_FREED_H_
