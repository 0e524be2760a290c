"""Variables, the scope that gives them other values, symbolic tensors and the graph they form."""
