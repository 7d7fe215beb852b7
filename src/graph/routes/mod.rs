//! Routes: from a call to its handler and back. `answer` is the way of a call, `table` has what there is, `dispatch` finds it, `nodes` has
//! what a path can begin with; `batch` and `faults` come before. `login_dialog` is a page and no call. Only `graph` itself enters, and who needs the words of faults.

pub mod answer;
pub mod batch;
mod batch_references;
pub mod call_words;
pub mod dispatch;
pub mod edge_spellings;
pub mod faults;
pub mod login_dialog;
pub mod nodes;
pub mod table;
