"""What can be wrong with a course.

CoursesError
└── NameTaken               the course has a group, or a set, of that name
"""


class CoursesError(Exception):
    """Base of this package. `code` is stable."""

    code = "courses"


class NameTaken(CoursesError):
    code = "name_taken"
