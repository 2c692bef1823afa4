"""`python -m tests.sandbox.assessment_tool --port N --config FILE --data FOLDER`."""

from tests.sandbox.assessment_tool.app import create_app
from tests.sandbox.assessment_tool.scores import keep_sending
from tests.sandbox.lti import Tool
from tests.sandbox.running import arguments, serve
from tests.sandbox.shelf import Shelf
from tests.sandbox.tool_key import own_key


def main() -> None:
    """Runs the tool until it is told to stop."""
    given = arguments("assessment_tool")
    tool = Tool(
        name="coldline",
        config=given.config,
        key=own_key(given.data),
        shelf=Shelf(given.data / "coldline.sqlite3"),
        base_url=given.base_url,
    )
    keep_sending(tool)
    serve(create_app(tool), port=given.port, title="Assessment tool", certificate=given.certificate)


if __name__ == "__main__":
    main()
