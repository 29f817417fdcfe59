#![doc = include_str!("../README.md")]
#![cfg(target_os = "linux")]

/// Functions that take the place of those of the C library.
macro_rules! as_in_c {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty $body:block)*) => {$(
        #[doc = concat!("`", stringify!($name), "` of the C library.\n\n# Safety\nAs there.")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> $result {
            // SAFETY: as the caller promises to the C library.
            unsafe { $body }
        }
    )*};
}

mod calls;
mod fault;
#[expect(dead_code, reason = "shared with the reader of the journal, which uses the rest")]
mod format;
mod names;
mod place;
mod state;
