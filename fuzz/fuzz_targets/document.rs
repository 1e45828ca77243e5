#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| dhakira_fuzz::run("document", data));
