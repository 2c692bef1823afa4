"""The door from another LMS: our exams as an LTI tool. The only room that knows the tool's side of the protocol."""
